//! Where one GIFT question ends and the next begins. Blank lines part them; where a file has none, the braces tell: no
//! question has two pairs, and an open brace that meets another was never meant to go on. So a question that is damaged
//! keeps the damage to itself.

/// No question is longer; an open brace cannot take the rest of the file with it.
const LONGEST: usize = 256 * 1024;

/// The questions as they stand, each with the line that it begins at, counting from 1.
pub(super) fn blocks(bytes: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let mut cutter = Cutter::default();
    for (n, line) in bytes.split(|b| *b == b'\n').enumerate() {
        cutter.take(n + 1, line);
    }
    cutter.flush();
    cutter.out
}

#[derive(Default)]
struct Cutter<'f> {
    out: Vec<(usize, Vec<u8>)>,
    current: Vec<(usize, &'f [u8])>,
    length: usize,
    /// Whether a `{` waits for its `}`.
    open: bool,
    /// The line of `current` behind which a blank line stood while a brace was open.
    blank: Option<usize>,
    /// The line of `current` in which the answers ended, and whether anything but white space follows them there.
    answered: Option<(usize, Tail)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// Nothing, or the end of a sentence.
    Ended,
    /// A sentence that goes on, as it does around a missing word.
    GoesOn,
}

impl<'f> Cutter<'f> {
    fn take(&mut self, number: usize, line: &'f [u8]) {
        let trimmed = line.trim_ascii();
        if trimmed.is_empty() {
            if self.open {
                self.blank = Some(self.current.len());
            } else {
                self.flush();
            }
            return;
        }
        if self.length + line.len() > LONGEST {
            self.flush();
        }
        let comment = trimmed.starts_with(b"//");
        let begins = trimmed.starts_with(b"::") || trimmed.starts_with(b"$CATEGORY:");
        if begins && self.open {
            self.cut(self.before_comments());
        }
        if (begins && self.has_words()) || (comment && self.answered.is_some() && !self.open) {
            self.flush();
        }
        if !comment {
            self.braces(trimmed);
        }
        self.current.push((number, line));
        self.length += line.len() + 1;
    }

    /// Follows the braces of a line that is about to be taken.
    fn braces(&mut self, line: &[u8]) {
        // An answer that holds a brace is damage of its own question.
        let answer = line.starts_with(b"=") || line.starts_with(b"~");
        let (mut escaped, mut on_this_line) = (false, false);
        for (n, byte) in line.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'{' => {
                    if !on_this_line && !answer {
                        if self.open {
                            self.cut(self.blank.unwrap_or(self.current.len()));
                        } else if let Some((at, tail)) = self.answered {
                            self.cut(self.next_question(at, tail, line));
                        }
                    }
                    self.open = true;
                    on_this_line = true;
                }
                b'}' => {
                    self.open = false;
                    on_this_line = true;
                    let ended = line[n + 1..].trim_ascii();
                    let tail = if ended.is_empty() || ends_a_sentence(ended) { Tail::Ended } else { Tail::GoesOn };
                    self.answered = Some((self.current.len(), tail));
                }
                _ => {}
            }
        }
    }

    /// The first line of the question that the brace of `line` belongs to, where the answers before it ended in line `at`.
    fn next_question(&self, at: usize, tail: Tail, line: &[u8]) -> usize {
        let after = at + 1;
        if tail == Tail::Ended || line.starts_with(b"{") {
            return after.min(self.current.len());
        }
        let ended = self.current.iter().skip(after).position(|(_, line)| ends_a_sentence(line.trim_ascii()));
        ended.map_or(self.current.len(), |n| after + n + 1)
    }

    /// The place of the comments at the end, which speak of the question that comes.
    fn before_comments(&self) -> usize {
        let words = self.current.iter().rposition(|(_, line)| !line.trim_ascii().starts_with(b"//"));
        words.map_or(0, |n| n + 1)
    }

    fn has_words(&self) -> bool {
        let quiet = |line: &[u8]| line.starts_with(b"//") || line.starts_with(b"$CATEGORY:");
        self.current.iter().any(|(_, line)| !quiet(line.trim_ascii()))
    }

    /// Ends a question before line `at` of those held; the others begin the next.
    fn cut(&mut self, at: usize) {
        let rest = self.current.split_off(at.min(self.current.len()));
        self.flush();
        self.length = rest.iter().map(|(_, line)| line.len() + 1).sum();
        self.current = rest;
    }

    fn flush(&mut self) {
        if let Some((first, _)) = self.current.first() {
            let text = self.current.iter().flat_map(|(_, line)| [*line, b"\n"].concat()).collect();
            self.out.push((*first, text));
        }
        (self.length, self.open, self.blank, self.answered) = (0, false, None, None);
        self.current.clear();
    }
}

fn ends_a_sentence(text: &[u8]) -> bool {
    [".", "?", "!", "。", "？", "！"].iter().any(|sign| text.ends_with(sign.as_bytes()))
}

#[cfg(test)]
mod tests {
    fn cut(text: &str) -> Vec<(usize, String)> {
        let shown = |(line, block): (usize, Vec<u8>)| (line, String::from_utf8(block).expect("text").trim().to_owned());
        super::blocks(text.as_bytes()).into_iter().map(shown).collect()
    }

    fn lines(text: &str) -> Vec<usize> {
        cut(text).into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn questions_without_blank_lines_keep_apart() {
        assert_eq!(
            lines("One {T}\nTwo {F}\nThree\ngoes on {=a ~b}\n::Four:: x {T}\n// [id:5]\nFive {T}"),
            [1, 2, 3, 5, 6]
        );
        assert_eq!(lines("It is {=a ~b} of\nNovember.\nTwo {T}"), [1, 3]);
        assert_eq!(lines("It is {=a ~b} of\nNovember\n{=c ~d}"), [1, 2]);
        assert_eq!(lines("One {\n=a\n~b\n}\nTwo\n{\n=a\n~b\n}"), [1, 5]);
        assert_eq!(lines("$CATEGORY: a\nOne {T}\n$CATEGORY: b\nTwo {T}"), [1, 3]);
    }

    #[test]
    fn damage_stays_with_its_question() {
        for (text, expected) in [
            ("One {=a ~b\n\nTwo {T}\n\nThree {T}", vec![1, 3, 5]),
            ("One {=a ~b\nTwo {T}\nThree {T}", vec![1, 2, 3]),
            ("One =a ~b}\nTwo {T}", vec![1, 2]),
            ("One {=a\n\n// [id:2]\n::Two:: x {T}", vec![1, 3]),
            ("One {\n=\\frac{1}{2}\n~b\n}\n\nTwo {T}", vec![1, 6]),
            ("One {=a {=b\n\nTwo {T}", vec![1, 3]),
        ] {
            let found = lines(text);
            assert!(expected.iter().skip(1).all(|line| found.contains(line)), "{found:?} of {text}");
            assert_eq!(found[0], 1, "{text}");
        }
        let last = cut("One {=a ~b\n\nTwo\nlines {T}").pop().expect("two");
        assert_eq!(last, (3, "Two\nlines {T}".to_owned()));
    }
}
