//! A form as a browser without scripts has it: what its fields would post.

/// Name and value of every field of the editor's form on this page that would be sent, in the order of the page.
pub fn fields(html: &str) -> Vec<(String, String)> {
    let form = html.split_once("<form class=\"editor__main\"").unwrap_or_else(|| panic!("no form in {html}")).1;
    let mut rest = form.split_once("</form>").expect("its end").0;
    let mut found = vec![];
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').expect("the end of a tag");
        rest = after;
        let Some(name) = attribute(tag, "name") else { continue };
        let kind = tag.split_whitespace().next().unwrap_or_default();
        match kind {
            "input" => {
                let told = attribute(tag, "type").unwrap_or_default();
                let ticked = !matches!(told.as_str(), "checkbox" | "radio") || tag.contains(" checked");
                if ticked && told != "file" {
                    found.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            }
            "textarea" => {
                let (text, after) = rest.split_once("</textarea>").expect("the end of a text");
                found.push((name, unescaped(text.strip_prefix('\n').unwrap_or(text))));
                rest = after;
            }
            "select" => {
                let (options, after) = rest.split_once("</select>").expect("the end of a list");
                let options: Vec<&str> = options.split("<option").skip(1).collect();
                let chosen =
                    options.iter().find(|option| option.split('>').next().unwrap_or_default().contains(" selected"));
                if let Some(option) = chosen.or(options.first()) {
                    found.push((name, attribute(option, "value").unwrap_or_default()));
                }
                rest = after;
            }
            _ => {}
        }
    }
    found
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    after.split_once('"').map(|(value, _)| unescaped(value))
}

fn unescaped(text: &str) -> String {
    let marks = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
    ];
    let plain = marks.iter().fold(text.to_owned(), |text, (mark, plain)| text.replace(mark, plain));
    plain.replace("&#38;", "&").replace("&amp;", "&")
}
