//! Fetching feeds of articles: asked for again and again, so with what tells the server which edition is known.

use url::Url;

use super::{Connector, FetchError, Outside, reason};

/// Which edition of a feed is known, in the words of its server (RFC 9110 §8.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edition {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// The largest feed that is read.
const LARGEST_FEED: usize = 1024 * 1024;
const LONGEST_MARK: usize = 200;
const FEED: &str = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8";

impl Connector {
    /// The feed at `url`, unless it is still the one that `known` describes. Under the same guard, with a larger cap.
    ///
    /// # Errors
    /// The address is refused, nothing came in time, or too much.
    pub async fn fetch_feed(&self, url: &str, known: &Edition) -> Result<Option<(Vec<u8>, Edition)>, FetchError> {
        let url = Url::parse(url).map_err(|_| FetchError::Refused)?;
        if !self.allows(&url) {
            return Err(FetchError::Refused);
        }
        let client = match &self.outside {
            Outside::Internet(client) => client,
            Outside::Told(answers) => {
                return match answers(url.as_str(), FEED) {
                    Err(FetchError::Status(304)) => Ok(None),
                    Err(e) => Err(e),
                    Ok(body) if body.len() > LARGEST_FEED => Err(FetchError::TooLarge),
                    Ok(body) => Ok(Some((body, Edition::default()))),
                };
            }
        };
        let mut request = client.get(url).header(reqwest::header::ACCEPT, FEED);
        for (name, value) in [("if-none-match", &known.etag), ("if-modified-since", &known.last_modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let mut response = request.send().await.map_err(|e| FetchError::Unreachable(reason(e)))?;
        if response.status().as_u16() == 304 {
            return Ok(None);
        }
        if !response.status().is_success() {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        let said = |name: &str| {
            let value = response.headers().get(name)?.to_str().ok()?;
            (value.len() <= LONGEST_MARK).then(|| value.to_owned())
        };
        let edition = Edition { etag: said("etag"), last_modified: said("last-modified") };
        let mut body = vec![];
        while let Some(chunk) = response.chunk().await.map_err(|e| FetchError::Unreachable(reason(e)))? {
            if body.len() + chunk.len() > LARGEST_FEED {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Some((body, edition)))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers each connection with the next of these, and tells what it was asked.
    async fn server(answers: Vec<String>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/feed", listener.local_addr().expect("bound"));
        let asked = tokio::spawn(async move {
            let mut asked = vec![];
            for answer in answers {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let mut request = vec![];
                while !request.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).await.expect("a byte");
                    request.extend(byte);
                }
                asked.push(String::from_utf8(request).expect("text").to_lowercase());
                stream.write_all(answer.as_bytes()).await.expect("written");
                stream.shutdown().await.expect("closed");
            }
            asked
        });
        (url, asked)
    }

    #[tokio::test]
    async fn a_feed_is_asked_for_with_the_edition_that_is_known() {
        let first = "HTTP/1.1 200 OK\r\netag: \"a1\"\r\nlast-modified: Fri, 20 Nov 2026 00:00:00 GMT\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<rss/>";
        let same = "HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n";
        let moved =
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let (url, asked) = server(vec![first.to_owned(), same.to_owned(), moved.to_owned()]).await;
        let connector = Connector::command_line().expect("a client");
        let (body, edition) = connector.fetch_feed(&url, &Edition::default()).await.expect("came").expect("new");
        assert_eq!((body.as_slice(), edition.etag.as_deref()), (b"<rss/>".as_slice(), Some("\"a1\"")));
        assert_eq!(connector.fetch_feed(&url, &edition).await.expect("came"), None);
        let moved = connector.fetch_feed(&url, &edition).await;
        assert!(matches!(moved, Err(FetchError::Status(302))), "no redirect is followed");
        let asked = asked.await.expect("served");
        assert!(!asked[0].contains("if-none-match"));
        assert!(asked[1].contains("if-none-match: \"a1\"") && asked[1].contains("if-modified-since: fri, 20 nov"));
    }

    #[tokio::test]
    async fn too_much_is_not_read_to_its_end() {
        let body = "x".repeat(LARGEST_FEED + 1);
        let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}");
        let (url, _asked) = server(vec![answer]).await;
        let connector = Connector::command_line().expect("a client");
        let came = connector.fetch_feed(&url, &Edition::default()).await;
        assert!(matches!(came, Err(FetchError::TooLarge)));
        let server = Connector::guarded().expect("a client");
        let refused = server.fetch_feed(&url, &Edition::default()).await;
        assert!(matches!(refused, Err(FetchError::Refused)), "a server never reads from itself");
    }
}
