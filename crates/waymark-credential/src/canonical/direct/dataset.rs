//! The statements of one document while they are put in order (RDFC-1.0 §4.4 for documents in which every blank node is told apart by
//! its own statements).

use super::compiled::Name;
use sha2::{Digest, Sha256};
use std::cmp::Ordering;

/// Statements about nodes; every text of the document stands once, in `text`.
pub(super) struct Dataset {
    pub(super) text: String,
    nodes: Vec<Node>,
    statements: Vec<Statement>,
    pub(super) texts_visible: bool,
    pub(super) ids_differ: bool,
    blanks: u32,
    /// Among the types of the node at hand, the one that brings a context.
    pub(super) scoped: Option<&'static Name>,
}

impl Default for Dataset {
    fn default() -> Self {
        Self {
            text: String::with_capacity(4096),
            nodes: Vec::with_capacity(24),
            statements: Vec::with_capacity(80),
            texts_visible: true,
            ids_differ: true,
            blanks: 0,
            scoped: None,
        }
    }
}

#[derive(Clone, Copy)]
struct Node {
    name: Label,
    /// The one statement in which a blank node is the object; none for the top of the document.
    from: Option<(u32, &'static str)>,
    /// Its place among the subjects: those with an IRI in the order of their text, then the blank ones.
    rank: u32,
}

#[derive(Clone, Copy)]
enum Label {
    /// `<iri>`, as a span of `text`.
    Iri(u32, u32),
    /// The number of the blank node, in the order of the document.
    Blank(u32),
}

#[derive(Clone, Copy)]
struct Statement {
    subject: u32,
    predicate: &'static str,
    object: Object,
}

#[derive(Clone, Copy)]
pub(super) enum Object {
    /// A literal or an IRI, as a span of `text`.
    Written(u32, u32),
    /// A fixed IRI, `<…>`.
    Fixed(&'static str),
    Node(u32),
}

impl Dataset {
    /// A new node, blank until it gets an id, and the statement that leads to it.
    pub(super) fn node(&mut self, from: Option<(u32, &'static str)>) -> u32 {
        let number = index(self.nodes.len());
        self.nodes.push(Node { name: Label::Blank(self.blanks), from, rank: 0 });
        self.blanks += 1;
        if let Some((subject, predicate)) = from {
            self.state(subject, predicate, Object::Node(number));
        }
        number
    }

    /// Gives the newest node its id; `false` if another node came between.
    pub(super) fn name(&mut self, node: u32, iri: &str) -> bool {
        let start = self.begin();
        self.text.push('<');
        self.text.push_str(iri);
        self.text.push('>');
        let named = &mut self.nodes[node as usize].name;
        if !matches!(*named, Label::Blank(number) if number + 1 == self.blanks) {
            return false;
        }
        *named = Label::Iri(start, index(self.text.len()));
        self.blanks -= 1;
        true
    }

    pub(super) fn begin(&self) -> u32 {
        index(self.text.len())
    }

    /// A statement whose object is what was written to `text` since `start`.
    pub(super) fn state_written(&mut self, subject: u32, predicate: &'static str, start: u32) {
        let end = index(self.text.len());
        self.state(subject, predicate, Object::Written(start, end));
    }

    pub(super) fn state(&mut self, subject: u32, predicate: &'static str, object: Object) {
        self.statements.push(Statement { subject, predicate, object });
    }

    /// About as many bytes as its lines have.
    pub(super) fn weight(&self) -> usize {
        let length = |object: Object| self.written(object).map_or(8, str::len);
        let of = |statement: &Statement| {
            length(Object::Node(statement.subject)) + statement.predicate.len() + length(statement.object)
        };
        self.statements.iter().map(of).sum()
    }

    /// Puts the statements in order as far as it does not depend on the labels of blank nodes.
    pub(super) fn sort(&mut self) {
        let mut order: Vec<u32> = (0..index(self.nodes.len())).collect();
        order.sort_unstable_by(|a, b| self.compare_nodes(*a, *b));
        let mut rank = 0;
        for pair in 0..order.len() {
            if pair > 0 && self.compare_nodes(order[pair - 1], order[pair]) == Ordering::Equal {
                self.ids_differ = false;
            } else {
                rank += 1;
            }
            self.nodes[order[pair] as usize].rank = rank;
        }
        let mut statements = std::mem::take(&mut self.statements);
        statements.sort_unstable_by(|a, b| {
            let rank = |statement: &Statement| self.nodes[statement.subject as usize].rank;
            rank(a).cmp(&rank(b)).then_with(|| self.compare(a, b))
        });
        statements.dedup_by(|b, a| {
            self.nodes[a.subject as usize].rank == self.nodes[b.subject as usize].rank
                && self.compare(a, b) == Ordering::Equal
        });
        self.statements = statements;
    }

    fn compare_nodes(&self, a: u32, b: u32) -> Ordering {
        match (self.nodes[a as usize].name, self.nodes[b as usize].name) {
            (Label::Iri(a, b), Label::Iri(c, d)) => self.span(a, b).cmp(self.span(c, d)),
            (Label::Iri(..), Label::Blank(_)) => Ordering::Less,
            (Label::Blank(_), Label::Iri(..)) => Ordering::Greater,
            (Label::Blank(a), Label::Blank(b)) => a.cmp(&b),
        }
    }

    /// Two statements about one subject: by predicate, then by object.
    fn compare(&self, a: &Statement, b: &Statement) -> Ordering {
        let predicate = match std::ptr::eq(a.predicate, b.predicate) {
            true => Ordering::Equal,
            false => a.predicate.cmp(b.predicate),
        };
        predicate.then_with(|| match (self.written(a.object), self.written(b.object)) {
            (Ok(a), Ok(b)) => a.cmp(b),
            // `"` and `<` come before `_`
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(a), Err(b)) => a.cmp(&b),
        })
    }

    /// The object as it is written, or the number of the blank node.
    fn written(&self, object: Object) -> Result<&str, u32> {
        match object {
            Object::Written(start, end) => Ok(self.span(start, end)),
            Object::Fixed(iri) => Ok(iri),
            Object::Node(node) => match self.nodes[node as usize].name {
                Label::Iri(start, end) => Ok(self.span(start, end)),
                Label::Blank(number) => Err(number),
            },
        }
    }

    fn span(&self, start: u32, end: u32) -> &str {
        &self.text[start as usize..end as usize]
    }

    /// The number in `c14nN` of every blank node (RDFC-1.0 §4.4, §4.6), once the statements are sorted; `None` if two look alike.
    pub(super) fn labels(&self) -> Option<Vec<u32>> {
        if self.blanks < 2 {
            return Some(vec![0; self.blanks as usize]);
        }
        let mut hashes: Vec<([u8; 32], u32)> = Vec::with_capacity(self.blanks as usize);
        let mut statements = self.statements.as_slice();
        let mut lines = String::with_capacity(1024);
        let mut blanks: Vec<&Node> = self.nodes.iter().filter(|node| matches!(node.name, Label::Blank(_))).collect();
        blanks.sort_unstable_by_key(|node| node.rank);
        for node in blanks {
            let Label::Blank(number) = node.name else { continue };
            let rank = |statement: &Statement| self.nodes[statement.subject as usize].rank;
            let start = statements.partition_point(|statement| rank(statement) < node.rank);
            let end = start + statements[start..].partition_point(|statement| rank(statement) == node.rank);
            self.first_degree_lines(node, &statements[start..end], &mut lines);
            hashes.push((Sha256::digest(&lines).into(), number));
            statements = &statements[end..];
        }
        hashes.sort_unstable();
        if hashes.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return None;
        }
        let mut labels = vec![0; hashes.len()];
        for (label, (_, number)) in hashes.iter().enumerate() {
            labels[*number as usize] = index(label);
        }
        Some(labels)
    }

    /// RDFC-1.0 §4.6: the statements with this node as `_:a` and every other as `_:z`, in order.
    fn first_degree_lines(&self, node: &Node, own: &[Statement], lines: &mut String) {
        lines.clear();
        let leading = |lines: &mut String, blank: bool| {
            if let Some((subject, predicate)) = node.from {
                match self.nodes[subject as usize].name {
                    Label::Iri(start, end) if !blank => lines.push_str(self.span(start, end)),
                    Label::Blank(_) if blank => lines.push_str("_:z"),
                    _ => return,
                }
                lines.push_str(predicate);
                lines.push_str("_:a .\n");
            }
        };
        leading(lines, false);
        for statement in own {
            lines.push_str("_:a");
            lines.push_str(statement.predicate);
            lines.push_str(self.written(statement.object).unwrap_or("_:z"));
            lines.push_str(" .\n");
        }
        leading(lines, true);
    }

    /// The lines in order, blank nodes by `labels`.
    pub(super) fn write(mut self, labels: &[u32]) -> String {
        let labels: Vec<String> = labels.iter().map(|label| format!("_:c14n{label}")).collect();
        let label = |dataset: &Self, object: Object| dataset.written(object).err().map(|blank| &labels[blank as usize]);
        // Among the objects of one subject and predicate, and among the subjects, blank nodes go by their labels.
        let mut statements = std::mem::take(&mut self.statements);
        let same = |a: &Statement, b: &Statement| {
            self.nodes[a.subject as usize].rank == self.nodes[b.subject as usize].rank && a.predicate == b.predicate
        };
        let blank = |statement: &Statement| label(&self, statement.object).is_some();
        for run in statements.chunk_by_mut(|a, b| blank(a) && blank(b) && same(a, b)) {
            if run.len() > 1 {
                run.sort_unstable_by_key(|statement| label(&self, statement.object));
            }
        }
        let blank_subject = |statement: &Statement| label(&self, Object::Node(statement.subject));
        let named = statements.partition_point(|statement| blank_subject(statement).is_none());
        statements[named..].sort_by_key(|statement| blank_subject(statement));
        let mut out = String::with_capacity(self.text.len() + statements.len() * 128);
        let write = |object: Object| match self.written(object) {
            Ok(text) => text,
            Err(blank) => labels[blank as usize].as_str(),
        };
        for statement in &statements {
            out.push_str(write(Object::Node(statement.subject)));
            out.push_str(statement.predicate);
            out.push_str(write(statement.object));
            out.push_str(" .\n");
        }
        out
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).expect("a document that is read here has fewer than 2^32 bytes")
}
