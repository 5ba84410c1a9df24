//! Settings of Safe Exam Browser: the file that configures it, and the config key that follows from what the file says.
//!
//! The key is the SHA-256, in lower-case hex, of the settings as "SEB-JSON" (SEB developer documentation, "Config Key"): no white space, **no escaping**, members
//! sorted regardless of case at every level, without `originatorVersion` and without empty groups. So the server knows the key of a file that it wrote itself.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// One value of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    Flag(bool),
    Whole(i64),
    Text(String),
    Group(BTreeMap<String, Setting>),
}

/// Who wrote the file; it is no part of the key.
const ORIGINATOR: &str = "originatorVersion";

/// The settings with which an exam begins at this address. `sebConfigPurpose` 0 begins an exam and configures no machine for good; `sendBrowserExamKey` lets
/// versions that can do so send their key hashes as headers.
pub fn of_exam(start_url: &str) -> Setting {
    let settings = [
        (ORIGINATOR, Setting::Text("Waymark".to_owned())),
        ("sebConfigPurpose", Setting::Whole(0)),
        ("sendBrowserExamKey", Setting::Flag(true)),
        ("startURL", Setting::Text(start_url.to_owned())),
    ];
    Setting::Group(settings.map(|(name, value)| (name.to_owned(), value)).into())
}

impl Setting {
    /// The config key of these settings.
    pub fn config_key(&self) -> String {
        let mut json = String::new();
        self.seb_json(&mut json);
        Sha256::digest(json).iter().map(|b| format!("{b:02x}")).collect()
    }

    fn is_empty_group(&self) -> bool {
        matches!(self, Self::Group(members) if members.values().all(Self::is_empty_group))
    }

    fn seb_json(&self, json: &mut String) {
        match self {
            Self::Flag(on) => json.push_str(if *on { "true" } else { "false" }),
            Self::Whole(number) => json.push_str(&number.to_string()),
            Self::Text(text) => json.extend(["\"", text.as_str(), "\""]),
            Self::Group(members) => {
                let mut members: Vec<_> = members
                    .iter()
                    .filter(|(name, value)| name.as_str() != ORIGINATOR && !value.is_empty_group())
                    .collect();
                // Of names that differ by case alone the one in lower case comes first.
                members.sort_by(|(a, _), (b, _)| {
                    a.to_lowercase().cmp(&b.to_lowercase()).then_with(|| b.as_str().cmp(a.as_str()))
                });
                json.push('{');
                for (n, (name, value)) in members.into_iter().enumerate() {
                    json.extend([if n > 0 { ",\"" } else { "\"" }, name.as_str(), "\":"]);
                    value.seb_json(json);
                }
                json.push('}');
            }
        }
    }

    /// The file: an XML property list, which every version of the browser opens.
    pub fn file(&self) -> String {
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
             \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n",
        );
        self.plist(&mut xml);
        xml.push_str("</plist>\n");
        xml
    }

    fn plist(&self, xml: &mut String) {
        match self {
            Self::Flag(on) => xml.push_str(if *on { "<true/>\n" } else { "<false/>\n" }),
            Self::Whole(number) => xml.push_str(&format!("<integer>{number}</integer>\n")),
            Self::Text(text) => xml.push_str(&format!("<string>{}</string>\n", escaped(text))),
            Self::Group(members) => {
                xml.push_str("<dict>\n");
                for (name, value) in members {
                    xml.push_str(&format!("<key>{}</key>\n", escaped(name)));
                    value.plist(xml);
                }
                xml.push_str("</dict>\n");
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(members: impl IntoIterator<Item = (&'static str, Setting)>) -> Setting {
        Setting::Group(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn text(text: &str) -> Setting {
        Setting::Text(text.to_owned())
    }

    fn json(setting: &Setting) -> String {
        let mut json = String::new();
        setting.seb_json(&mut json);
        json
    }

    /// From the example of SEB-JSON in the developer documentation: names in its order at both levels, and a value with a backslash as it stands there.
    #[test]
    fn settings_are_written_as_the_documentation_shows() {
        let flag = Setting::Flag;
        let proxies = group([
            ("HTTPUsername", text("")),
            ("HTTPSUsername", text("")),
            ("HTTPSPort", Setting::Whole(443)),
            ("HTTPSEnable", flag(false)),
            ("HTTPRequiresPassword", flag(false)),
            ("HTTPPort", Setting::Whole(80)),
            ("FTPPassive", flag(true)),
            ("ExcludeSimpleHostnames", flag(false)),
        ]);
        let settings = group([
            ("urlFilterTrustedContent", flag(true)),
            ("URLFilterMessage", Setting::Whole(1)),
            ("urlFilterRegex", flag(true)),
            ("URLFilterEnable", flag(true)),
            ("proxySettingsPolicy", Setting::Whole(0)),
            ("proxies", proxies),
            ("browserMessagingSocket", text("ws:\\localhost:8706")),
            ("allowFlashFullscreen", flag(false)),
            ("allowedDisplaysMaxNumber", Setting::Whole(1)),
            ("allowedDisplayBuiltin", flag(true)),
            ("allowDownUploads", flag(false)),
            ("zoomMode", Setting::Whole(0)),
        ]);
        assert_eq!(
            json(&settings),
            "{\"allowDownUploads\":false,\"allowedDisplayBuiltin\":true,\"allowedDisplaysMaxNumber\":1,\"allowFlashFullscreen\":false,\
             \"browserMessagingSocket\":\"ws:\\localhost:8706\",\"proxies\":{\"ExcludeSimpleHostnames\":false,\"FTPPassive\":true,\
             \"HTTPPort\":80,\"HTTPRequiresPassword\":false,\"HTTPSEnable\":false,\"HTTPSPort\":443,\"HTTPSUsername\":\"\",\
             \"HTTPUsername\":\"\"},\"proxySettingsPolicy\":0,\"URLFilterEnable\":true,\"URLFilterMessage\":1,\"urlFilterRegex\":true,\
             \"urlFilterTrustedContent\":true,\"zoomMode\":0}"
        );
    }

    /// "The key `allowWlan` comes before `allowWLAN`"; "remove empty `dict` elements"; "remove the key `originatorVersion`".
    #[test]
    fn the_rules_of_the_documentation_hold() {
        let flag = Setting::Flag(true);
        let settings = group([
            ("allowWLAN", flag.clone()),
            ("allowWlan", flag),
            ("empty", group([("inside", group([]))])),
            (ORIGINATOR, text("SEB_Win_2.0RC")),
        ]);
        assert_eq!(json(&settings), "{\"allowWlan\":true,\"allowWLAN\":true}");
    }

    /// `printf '{"sebConfigPurpose":0,"sendBrowserExamKey":true,"startURL":"https://exam.example/exams/a?b=1&c"}' | sha256sum`
    #[test]
    fn the_key_of_a_file_is_the_hash_of_what_it_says() {
        let settings = of_exam("https://exam.example/exams/a?b=1&c");
        assert_eq!(
            json(&settings),
            "{\"sebConfigPurpose\":0,\"sendBrowserExamKey\":true,\"startURL\":\"https://exam.example/exams/a?b=1&c\"}"
        );
        assert_eq!(settings.config_key(), "2c30263125273c40c98d21302a57ec117a1f9f9c37ea2e5badc45d7731bd9bf9");
        let file = settings.file();
        assert!(
            file.contains("<key>startURL</key>\n<string>https://exam.example/exams/a?b=1&amp;c</string>"),
            "{file}"
        );
        assert!(file.contains("<key>sendBrowserExamKey</key>\n<true/>") && file.contains(ORIGINATOR), "{file}");
    }
}
