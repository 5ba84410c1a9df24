use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::read(
        Path::new("/nonexistent/waymark.toml"),
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
        Some(PathBuf::from("/nonexistent")),
        false,
    )
}

#[test]
fn the_environment_beats_the_defaults() {
    let config = read(&[
        ("WAYMARK_BASE_URL", "https://waymark.example"),
        ("WAYMARK_ISSUER__DID_METHOD", "key"),
        ("WAYMARK_MAIL__PORT", "2525"),
    ])
    .expect("valid");
    assert_eq!(config.base_url.as_str(), "https://waymark.example/");
    assert_eq!((config.issuer.did_method, config.mail.port), (DidMethod::Key, 2525));
}

#[test]
fn what_the_folder_remembers_counts_where_nothing_was_set() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let told = Remembered {
        base_url: Some("http://127.0.0.1:9000".parse().expect("a URL")),
        listen: Some("127.0.0.1:9000".to_owned()),
        did_method: Some(DidMethod::Key),
    };
    told.write(folder.path()).expect("written");
    let read = |set: &[(&str, &str)], starts: bool| {
        let pairs = set.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let file = Path::new("/nonexistent/waymark.toml");
        let config = Config::read(file, pairs, Some(folder.path().to_owned()), starts).expect("valid");
        assert_eq!(config.listen, if starts { "127.0.0.1:8080" } else { "127.0.0.1:9000" });
        (config.base_url.to_string(), config.issuer.did_method)
    };
    let own = "http://127.0.0.1:8080/".to_owned();
    assert_eq!(read(&[], false), ("http://127.0.0.1:9000/".to_owned(), DidMethod::Key));
    assert_eq!(read(&[], true), (own, DidMethod::Key), "a start finds its own address");
    let set = [("WAYMARK_BASE_URL", "https://waymark.example"), ("WAYMARK_ISSUER__DID_METHOD", "web")];
    assert_eq!(read(&set, false), ("https://waymark.example/".to_owned(), DidMethod::Web));
}

#[test]
fn an_unknown_key_names_the_right_one() {
    let error = read(&[("WAYMARK_BASEURL", "https://waymark.example")]).expect_err("unknown").to_string();
    assert!(error.contains("WAYMARK_BASEURL") && error.contains("did you mean `WAYMARK_BASE_URL`"), "{error}");
}

#[test]
fn a_setting_that_is_written_wrong_is_told_with_how_it_is_written() {
    let refused = |name, value| read(&[(name, value)]).expect_err("refused").to_string();
    for wrong in ["8080", "127.0.0.1", ":8080", "127.0.0.1:80800", "::1:8080", "127.0.0.1:http"] {
        let told = refused("WAYMARK_LISTEN", wrong);
        assert_eq!(told, "configuration: listen: write an address and a port, such as 127.0.0.1:8080", "{wrong}");
    }
    for right in ["127.0.0.1:0", "[::1]:8080", "localhost:8080", "0.0.0.0:80"] {
        assert_eq!(read(&[("WAYMARK_LISTEN", right)]).expect("valid").listen, right);
    }
    assert!(refused("WAYMARK_DATABASE__URL", "mysql://a/b").contains("database.url: write sqlite://"));
    for wrong in ["0", "65536", "smtp", "-1"] {
        assert!(refused("WAYMARK_MAIL__PORT", wrong).ends_with("mail.port: write a number from 1 to 65535"), "{wrong}");
    }
    assert!(refused("WAYMARK_ISSUER__DID_METHOD", "ion").ends_with("issuer.did_method: write web or key"));
}

#[test]
fn limits_and_proxies_are_checked_at_the_start() {
    let refused = |pair| read(&[pair]).expect_err("refused").to_string();
    assert!(refused(("WAYMARK_LIMITS__VERIFICATIONS_PER_MINUTE", "299")).contains("at least 300"));
    assert!(refused(("WAYMARK_TRUSTED_PROXIES", "10.0.0.7, nginx")).contains("`nginx`"));
    let set = [("WAYMARK_LIMITS__VERIFICATIONS_PER_MINUTE", "6000"), ("WAYMARK_TRUSTED_PROXIES", "10.0.0.7,::1")];
    let config = read(&set).expect("valid");
    assert_eq!((config.limits.verifications_per_minute, config.proxies().expect("checked").len()), (6000, 2));
}

#[test]
fn a_secret_is_read_from_its_file_and_never_printed() {
    let file = tempfile::NamedTempFile::new().expect("temporary file");
    std::fs::write(file.path(), "hunter2\n").expect("written");
    let config = read(&[("WAYMARK_MAIL__PASSWORD_FILE", file.path().to_str().expect("utf-8"))]).expect("valid");
    assert_eq!(config.mail.password, "hunter2");
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_base_is_an_address_and_nothing_more() {
    for base in [
        "",
        "waymark.example",
        "ftp://waymark.example",
        "https://ada@waymark.example",
        "https://:secret@waymark.example",
        "https://waymark.example/badges",
        "https://waymark.example/?a=b",
        "https://waymark.example/#a",
    ] {
        let refused = read(&[("WAYMARK_BASE_URL", base)]).expect_err(base).to_string();
        assert!(refused.contains("base_url") && refused.contains("https://waymark.example"), "{refused}");
        assert!(!refused.contains("figment") && !refused.contains("secret"), "{refused}");
    }
    assert!(read(&[("WAYMARK_BASE_URL", "https://waymark.example:8443/")]).is_ok());
}

#[test]
fn an_unknown_key_in_the_file_is_named_once_and_the_right_one_with_it() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    for (text, says) in [
        ("[database]\nurll = 'x'", "`database.urll`; did you mean `database.url`?"),
        ("base_ur = 'x'", "`base_ur`; did you mean `base_url`?"),
        ("[mail]\nport = 'x'", "mail.port"),
    ] {
        std::fs::write(file.path(), text).expect("written");
        let refused = Config::read(file.path(), [], Some(PathBuf::from("/nonexistent")), false).expect_err(text);
        assert!(refused.to_string().contains(says), "{refused}");
    }
}
