//! Ways of writing that files of other systems have, each once misread here. The files are ours, the ways are theirs.

use crate::bank::png;
use crate::exchange::read;
use crate::packages::{CHOICE, KEY, item, manifest, pack};
use crate::samples;
use serde_json::json;
use waymark_assess::{
    ItemVersion, Rational,
    candidate::to_html,
    interchange::{Export, ExportFormat, Format, Import, export, import, item_to_value},
    item::{Interaction, KeyKind, Rule, Scoring, Tolerance},
};

fn stem(import: &Import, place: usize) -> &str {
    import.accepted[place].1.content().stem.pick("en").1
}

fn noted(import: &Import) -> Vec<&'static str> {
    let losses = import.report.losses.iter().map(|loss| loss.text.code);
    losses.chain(import.report.warnings.iter().map(|warning| warning.text.code)).collect()
}

fn refused(import: &Import) -> Vec<&'static str> {
    import.report.rejected().map(|(_, wrong)| wrong[0].code).collect()
}

fn hashes<'v>(versions: impl Iterator<Item = &'v ItemVersion>) -> Vec<String> {
    versions.map(|version| version.hash().to_string()).collect()
}

fn written(items: &[ItemVersion], format: ExportFormat) -> Export {
    export(&items.iter().collect::<Vec<_>>(), format, "en", &|_| Some(png()))
}

fn home(out: &Export, format: Format) -> Vec<String> {
    let pictures = |name: &str| out.beside.get(name).cloned();
    let back = import(&out.bytes, format, &pictures, &|_| None);
    assert_eq!(refused(&back), Vec::<&str>::new(), "{format:?}");
    hashes(back.accepted.iter().map(|(_, version)| version))
}

#[test]
fn our_own_formats_hold_every_type_with_its_picture() {
    let third = Rational::new(1, 3).expect("small");
    for scoring in [Scoring::default(), Scoring { rule: Rule::PerPart, points: 3, penalty: third }] {
        let items = samples::items(scoring);
        for (format, name) in [(ExportFormat::Json, "bank.json"), (ExportFormat::Yaml, "bank.yaml")] {
            let out = written(&items, format);
            assert_eq!((out.items, out.left_out.len(), out.losses.len(), out.beside.len()), (items.len(), 0, 0, 1));
            assert_eq!(home(&out, Format::parse(format.as_str()).expect("both ways")), hashes(items.iter()));
            let one = Export { bytes: out.packed(name), ..Export::default() };
            assert_eq!(home(&one, Format::Qti), hashes(items.iter()), "{name} with its picture in one archive");
        }
    }
}

#[test]
fn a_table_holds_choices_and_names_what_it_has_no_row_for() {
    let yaml = "- {id: x, question: Q?, answers: [a, b], correct: 1, refs: ['a; b'], enemies: [e], fixed: [], figure: p.png}\n\
                - {id: y, question: Q?, answers: [a, b, c], correct: [0, 2], type: multiple_choice, fixed: [1]}\n\
                - {id: z, question: Q?, answers: [a, b], correct: 1, refs: [a, b], fixed: []}\n\
                - {id: v, question: Q?, answers: [a, b], correct: 0, scoring: {points: 2}, fixed: []}\n\
                - {id: w, type: numeric, question: Q?, correct: 7}\n";
    let bank = import(yaml.as_bytes(), Format::Yaml, &|_| Some(png()), &|_| None);
    assert_eq!(refused(&bank), Vec::<&str>::new());
    let items: Vec<ItemVersion> = bank.accepted.into_iter().map(|(_, version)| version).collect();
    let out = written(&items, ExportFormat::Csv);
    let left_out: Vec<&str> = out.left_out.iter().map(|loss| loss.item.as_str()).collect();
    assert_eq!((out.items, left_out), (2, vec!["z", "v", "w"]));
    assert_eq!(home(&out, Format::Csv), hashes(items[..2].iter()));
}

/// A choice whose prompt and first option hold formulas, in the namespace `m`.
fn with_formula(formula: &str) -> String {
    let body = CHOICE.replace("Which?", &format!("Is {formula} so?")).replace("yes", "<m:math><m:mi>y</m:mi></m:math>");
    item("f", &body, KEY).replace("<assessmentItem ", "<assessmentItem xmlns:m=\"http://www.w3.org/1998/Math/MathML\" ")
}

#[test]
fn formulas_stay_formulas_on_every_way_that_can_say_them() {
    let formula = "<m:math display='block' overflow='scroll'><m:semantics><m:mfrac><m:mi>a</m:mi><m:msqrt><m:mn>2</m:mn></m:msqrt></m:mfrac>\
                   <m:annotation encoding='TeX'>a/b</m:annotation></m:semantics></m:math>";
    let shown = "<math display=\"block\"><mfrac><mi>a</mi><msqrt><mn>2</mn></msqrt></mfrac></math>";
    let taken = read(with_formula(formula).as_bytes(), Format::Qti);
    assert_eq!((refused(&taken), stem(&taken, 0)), (vec![], format!("Is {shown} so?").as_str()));
    assert_eq!(to_html(stem(&taken, 0)), format!("<p>Is {shown} so?</p>\n"));
    let Interaction::Choice(choice) = &taken.accepted[0].1.content().interaction else { panic!("a choice") };
    assert_eq!(choice.options[0].text.pick("en").1, "<math><mi>y</mi></math>");
    let items: Vec<ItemVersion> = taken.accepted.into_iter().map(|(_, version)| version).collect();
    for (way, format) in [
        (ExportFormat::Qti3, Format::Qti),
        (ExportFormat::Qti21, Format::Qti),
        (ExportFormat::Moodle, Format::Moodle),
        (ExportFormat::Json, Format::Json),
        (ExportFormat::Csv, Format::Csv),
    ] {
        let out = written(&items, way);
        let back = import(&out.bytes, format, &|_| None, &|_| None);
        assert_eq!((refused(&back), stem(&back, 0)), (vec![], stem_of(&items[0])), "{way:?}");
    }
    let aiken = written(&items, ExportFormat::Aiken);
    assert_eq!((aiken.items, aiken.left_out.len()), (0, 1));
}

fn stem_of(version: &ItemVersion) -> &str {
    version.content().stem.pick("en").1
}

#[test]
fn what_is_no_formula_of_signs_refuses_its_item_alone() {
    for formula in [
        "<m:math><m:apply><m:plus/><m:ci>x</m:ci></m:apply></m:math>",
        "<m:math><m:mfrac><m:mi>x</m:mi></m:mfrac></m:math>",
        "<m:math><m:mtext><img src='x.png' alt='x'/></m:mtext></m:math>",
        "<m:math><m:maction actiontype='statusline'><m:mi>x</m:mi><m:mtext>y</m:mtext></m:maction></m:math>",
    ] {
        assert_eq!(refused(&read(with_formula(formula).as_bytes(), Format::Qti)), ["cannot_be_shown"], "{formula}");
    }
    // The same in HTML, where nobody closes and everybody tries.
    let quiz = |text: &str| {
        format!(
            "<quiz><question type='truefalse'><name><text>n</text></name><questiontext format='html'><text><![CDATA[{text}]]></text></questiontext>\
             <answer fraction='100'><text>true</text></answer><answer fraction='0'><text>false</text></answer></question></quiz>"
        )
    };
    let hostile = "<p>Is <math><mi onclick='f()' href='javascript:f()'>x</mi><script>f()</script></math> so?</p>";
    let taken = read(quiz(hostile).as_bytes(), Format::Moodle);
    assert_eq!(to_html(stem(&taken, 0)), "<p>Is <math><mi>x</mi></math> so?</p>\n");
    let taken =
        read(quiz("<p>What is &lt;math&gt;&lt;mi&gt;x&lt;/mi&gt;&lt;/math&gt;?</p>").as_bytes(), Format::Moodle);
    assert_eq!(
        to_html(stem(&taken, 0)),
        "<p>What is &lt;math&gt;&lt;mi&gt;x&lt;/mi&gt;&lt;/math&gt;?</p>\n",
        "markup that is asked about"
    );
}

#[test]
fn tex_is_shown_as_it_is_typed_and_each_such_item_is_named() {
    let gift = "::a:: [html]Is \\\\(x^2\\\\) even? {T}\n\n::b:: Costs $5 or $10? {=5 ~10}\n\n::c:: Is $$x$$ odd? {F}\n";
    let taken = read(gift.as_bytes(), Format::Gift);
    let named: Vec<_> =
        taken.report.warnings.iter().map(|warning| (warning.item.as_deref(), warning.text.code)).collect();
    assert_eq!(named, [(Some("a"), "tex"), (Some("c"), "tex")]);
    assert_eq!(to_html(stem(&taken, 0)), "<p>Is \\(x^2\\) even?</p>\n");
    let csv = read(b"id,question,a,b,correct\nx,Q?,$\\alpha$,b,0\n", Format::Csv);
    assert_eq!(noted(&csv), ["tex"], "in an option, and in a format of ours");
}

#[test]
fn numbers_have_as_many_digits_as_programs_write() {
    let quiz = "<question type='numerical'><name><text>pi</text></name><questiontext format='html'><text>Pi?</text></questiontext>\
                <answer fraction='100'><text>3.141592653589793</text><tolerance>0.031415926535897934</tolerance></answer></question>";
    let taken = read(quiz.as_bytes(), Format::Moodle);
    assert_eq!((refused(&taken), taken.accepted.len()), (vec![], 1), "one question may stand by itself");
    let KeyKind::Numbers(numbers) = taken.accepted[0].1.key().kind() else { panic!("numbers") };
    let Tolerance::Absolute { margin, .. } = &numbers[0].tolerance else { panic!("a margin") };
    assert_eq!(
        (numbers[0].value.to_string().as_str(), margin.to_string().as_str()),
        ("3.141592653589793", "0.031415926535897934")
    );
    let far = quiz.replace("3.141592653589793", "6.02e23").replace("0.031415926535897934", "1e21");
    assert_eq!(read(far.as_bytes(), Format::Moodle).accepted.len(), 1);
    let fine = quiz.replace("3.141592653589793", "3.141592653589793238462643");
    assert_eq!(refused(&read(fine.as_bytes(), Format::Moodle)), ["not_a_number"]);
}

#[test]
fn a_number_that_earns_a_part_of_the_points_earns_it_here() {
    let quiz = "<quiz><question type='numerical'><name><text>n</text></name><questiontext format='plain_text'><text>How many?</text></questiontext>\
                <answer fraction='100'><text>150</text><tolerance>0</tolerance></answer>\
                <answer fraction='25'><text>150.5</text><tolerance>0.5</tolerance></answer>\
                <answer fraction='0'><text>*</text></answer></question>\
                <question type='cloze'><name><text>c</text></name><questiontext format='html'><text>Boils at {1:NUMERICAL:=212:0~%50%212:10}.</text></questiontext></question></quiz>";
    let taken = read(quiz.as_bytes(), Format::Moodle);
    assert_eq!((refused(&taken), noted(&taken)), (vec![], vec![]));
    let items: Vec<ItemVersion> = taken.accepted.into_iter().map(|(_, version)| version).collect();
    let fields = |place: usize| item_to_value(&items[place], &|_| String::new());
    assert_eq!(fields(0)["correct"][1], json!({"value": "150.5", "tolerance": "0.5", "share": "1/4"}));
    assert_eq!(fields(0)["scoring"]["rule"], "per_part");
    let numbers = fields(1)["gaps"]["g1"]["numbers"].clone();
    assert_eq!(numbers, json!([{"value": "212"}, {"value": "212", "tolerance": "10", "share": "1/2"}]));
    assert_eq!(home(&written(&items, ExportFormat::Moodle), Format::Moodle), hashes(items.iter()));
    let gift = written(&items[..1], ExportFormat::Gift);
    assert_eq!(home(&gift, Format::Gift), hashes(items[..1].iter()));
    let qti = written(&items[..1], ExportFormat::Qti21);
    assert_eq!((qti.items, qti.left_out.len()), (0, 1), "no rule of QTI that is read here says so");
}

#[test]
fn a_format_without_languages_names_what_it_loses() {
    let plain = "- {id: x, question: Q?, answers: [a, b], correct: 0, fixed: []}\n";
    let english = "- {id: x, question: {en: Q?}, answers: [{en: a}, {en: b}], correct: 0, fixed: []}\n";
    let named = |bank: &str, format: ExportFormat| {
        let items: Vec<ItemVersion> =
            read(bank.as_bytes(), Format::Yaml).accepted.into_iter().map(|(_, version)| version).collect();
        assert_eq!(items.len(), 1);
        let losses = written(&items, format).losses;
        losses.iter().any(|loss| loss.text.message.contains("which language"))
    };
    for format in [ExportFormat::Moodle, ExportFormat::Gift, ExportFormat::Aiken] {
        assert_eq!((named(english, format), named(plain, format)), (true, false), "{format:?}");
    }
}

#[test]
fn markdown_of_moodle_holds_one_picture_and_no_tags_unseen() {
    let quiz = |text: &str| {
        format!(
            "<quiz><question type='truefalse'><name><text>n</text></name><questiontext format='markdown'><text>{text}</text><file name='a.png' encoding='base64'>iVBORw0KGgo=</file></questiontext>\
             <answer fraction='100'><text>true</text></answer><answer fraction='0'><text>false</text></answer></question></quiz>"
        )
    };
    let two = read(quiz("![a](@@PLUGINFILE@@/a.png) and ![b](@@PLUGINFILE@@/b.png)").as_bytes(), Format::Moodle);
    assert_eq!(refused(&two), ["several_pictures"]);
    let tags = read(quiz("Is H&lt;sub&gt;2&lt;/sub&gt;O wet?").as_bytes(), Format::Moodle);
    assert_eq!((tags.accepted.len(), noted(&tags)), (1, vec!["tags_in_markdown"]));
    assert_eq!(noted(&read(quiz("Is 1 &lt; 2?").as_bytes(), Format::Moodle)), Vec::<&str>::new());
}

#[test]
fn a_rubric_block_is_shown_to_whom_it_names() {
    let block = |view: &str| format!("<rubricBlock view=\"{view}\"><p>Once upon a time.</p></rubricBlock>{CHOICE}");
    let shared = read(item("r", &block("author candidate scorer"), KEY).as_bytes(), Format::Qti);
    assert_eq!((stem(&shared, 0), noted(&shared)), ("Once upon a time.\n\nWhich?", vec![]));
    let scorers = read(item("r", &block("scorer author"), KEY).as_bytes(), Format::Qti);
    assert_eq!((stem(&scorers, 0), noted(&scorers)), ("Which?", vec!["rubric_block"]));
}

#[test]
fn a_stimulus_brings_its_picture_along() {
    let reference = "<assessmentStimulusRef identifier=\"S\" href=\"../passages/night.xml\" title=\"t\"/>";
    let with = |picture: &str| {
        let story = format!(
            "<assessmentStimulus identifier=\"S\"><stimulusBody><p>A night.</p><p><img src=\"{picture}\" alt=\"a moon\"/></p></stimulusBody></assessmentStimulus>"
        );
        let asked = item("s", CHOICE, &format!("{KEY}{reference}"));
        let files: [(&str, &[u8]); 4] = [
            ("imsmanifest.xml", manifest(&["items/s.xml"]).leak().as_bytes()),
            ("items/s.xml", asked.leak().as_bytes()),
            ("passages/night.xml", story.leak().as_bytes()),
            ("passages/images/moon.png", png().leak()),
        ];
        read(&pack(&files), Format::Qti)
    };
    let taken = with("images/moon.png");
    assert_eq!((refused(&taken), stem(&taken, 0)), (vec![], "A night.\n\nWhich?"));
    let figure = taken.accepted[0].1.content().figure.as_ref().expect("kept");
    assert_eq!(figure.alt.as_ref().map(|alt| alt.pick("en").1), Some("a moon"));
    assert_eq!(refused(&with("images/sun.png")), ["file_missing"]);
    assert_eq!(refused(&with("https://elsewhere.example/moon.png")), ["remote_reference"]);
    assert_eq!(refused(&with("../../../moon.png")), ["figure_missing"]);
}

#[test]
fn an_item_alone_has_its_picture_below_its_folder_and_nowhere_else() {
    let with = |source: &str| {
        let body = format!("<p><img src=\"{source}\" alt=\"a moon\"/></p>{CHOICE}");
        let asked = std::cell::RefCell::new(Vec::new());
        let beside = |path: &str| {
            asked.borrow_mut().push(path.to_owned());
            (path == "images/moon.png").then(png)
        };
        let taken = import(item("p", &body, KEY).as_bytes(), Format::Qti, &beside, &|_| None);
        let code = refused(&taken).first().copied();
        let asked: Vec<String> = asked.into_inner().into_iter().filter(|path| path.contains("moon")).collect();
        (code, asked.first().cloned())
    };
    assert_eq!(with("images/moon.png"), (None, Some("images/moon.png".to_owned())));
    assert_eq!(with("./images/../images/moon.png"), (None, Some("images/moon.png".to_owned())));
    assert_eq!(with("moon.png"), (Some("figure_missing"), Some("moon.png".to_owned())));
    for out in ["../moon.png", "/images/moon.png", "images/../../moon.png", "%2e%2e/moon.png", "..\\moon.png"] {
        assert_eq!(with(out), (Some("figure_missing"), None), "{out}");
    }
    assert_eq!(with("file:///images/moon.png"), (Some("remote_reference"), None));
}

#[test]
fn gift_is_told_by_its_answers_where_nothing_else_tells() {
    let told = |text: &str| Format::detect("upload", text.as_bytes()).ok();
    assert_eq!(told("Two, three or four?{~two =three ~four}\n"), Some(Format::Gift));
    assert_eq!(told("The sun rises, they say.{T}\n"), Some(Format::Gift));
    assert_eq!(told("When, then? { #1822 }\n"), Some(Format::Gift));
    assert_eq!(told("[html]<b>Really</b>? {F}\n"), Some(Format::Gift));
    assert_eq!(told("id,question,a,b\nx,{=a},1,2\n"), Some(Format::Csv));
    assert_eq!(told("[{\"id\": \"{=a}\"}]"), Some(Format::Json));
    assert_eq!(told("- {id: x, question: '{=a}'}"), Some(Format::Yaml));
    assert_eq!(Format::parse("moodle-xml"), Some(Format::Moodle));
}
