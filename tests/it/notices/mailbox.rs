//! A mail server on the loopback, as far as a letter needs one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Default)]
struct Desk {
    letters: Vec<String>,
    /// What to answer to the next letters; 250 when nothing is left.
    answers: VecDeque<u16>,
}

pub struct Mailbox {
    pub port: u16,
    desk: Arc<Mutex<Desk>>,
    server: tokio::task::JoinHandle<()>,
}

impl Mailbox {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let desk: Arc<Mutex<Desk>> = Arc::default();
        let kept = desk.clone();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let desk = kept.clone();
                tokio::spawn(async move { drop(serve(stream, desk).await) });
            }
        });
        Self { port, desk, server }
    }

    pub fn answer(&self, codes: &[u16]) {
        self.desk.lock().expect("no thread panics with it").answers.extend(codes);
    }

    /// Takes out what came, as it came.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.desk.lock().expect("no thread panics with it").letters)
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(stream: TcpStream, desk: Arc<Mutex<Desk>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mailbox\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut letter = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    letter.push_str(&line);
                    letter.push('\n');
                }
                let mut desk = desk.lock().expect("no thread panics with it");
                let code = desk.answers.pop_front().unwrap_or(250);
                if code == 250 {
                    desk.letters.push(letter);
                }
                format!("{code} so it is\r\n")
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 well\r\n".to_owned(),
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

/// The value of a header, unfolded.
pub fn header(letter: &str, name: &str) -> String {
    let head = letter.split("\n\n").next().expect("a head").replace("\n ", " ").replace("\n\t", " ");
    let start = format!("{}:", name.to_lowercase());
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&start));
    line.unwrap_or_else(|| panic!("no {name} in {head}"))[start.len()..].trim().to_owned()
}

/// The text of a letter, however it was encoded.
pub fn text(letter: &str) -> String {
    let (_, body) = letter.split_once("\n\n").expect("a body");
    let bytes = match header(letter, "Content-Transfer-Encoding").as_str() {
        "base64" => STANDARD.decode(body.split_whitespace().collect::<String>()).expect("base64"),
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
}

fn unquoted(body: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (vec![], body.as_bytes());
    while let Some((first, more)) = rest.split_first() {
        rest = match (first, more) {
            (b'=', [b'\n', after @ ..]) => after,
            (b'=', [high, low, after @ ..]) => {
                let pair = [*high, *low];
                let hex = std::str::from_utf8(&pair).expect("ASCII");
                bytes.push(u8::from_str_radix(hex, 16).expect("two digits"));
                after
            }
            _ => {
                bytes.push(*first);
                more
            }
        };
    }
    bytes
}
