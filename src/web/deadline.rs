//! A request's body has to be there in time: who sends a byte now and then would hold a connection for ever.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Error;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// What reading a body ends with that was not there in time.
#[derive(Debug)]
pub struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body did not arrive in time")
    }
}

impl std::error::Error for TooSlow {}

impl TooSlow {
    /// Whether this is why reading failed.
    pub fn is_behind(error: &(dyn std::error::Error + 'static)) -> bool {
        std::iter::successors(Some(error), |e| e.source()).any(<dyn std::error::Error>::is::<Self>)
    }
}

/// The body as it is, for `limit` from now on; whatever is missing then is an error ([`TooSlow`]).
pub fn within(limit: Duration, body: Body) -> Body {
    if body.is_end_stream() {
        return body;
    }
    #[expect(clippy::disallowed_methods, reason = "a limit on somebody else's time, not a wait of ours")]
    let end = Box::pin(tokio::time::sleep(limit));
    until(end, body)
}

fn until(end: Pin<Box<dyn Future<Output = ()> + Send>>, body: Body) -> Body {
    Body::new(Timely { body, end })
}

struct Timely {
    body: Body,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl HttpBody for Timely {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(Error::new(TooSlow))));
        }
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::task::Waker;

    use futures_util::stream;
    use tokio::sync::oneshot;

    use super::*;

    fn dripping() -> Body {
        let one = || Ok::<_, Infallible>(Bytes::from_static(b"x"));
        Body::from_stream(stream::iter(std::iter::repeat_with(one)))
    }

    #[test]
    fn a_body_that_drips_is_cut_off_when_its_time_is_up() {
        let (end, time) = oneshot::channel::<()>();
        let mut body = until(Box::pin(async { drop(time.await) }), dripping());
        let mut context = Context::from_waker(Waker::noop());
        let mut next = || Pin::new(&mut body).poll_frame(&mut context);
        for _ in 0..100 {
            assert!(matches!(next(), Poll::Ready(Some(Ok(_)))), "in time");
        }
        drop(end);
        let Poll::Ready(Some(Err(cut))) = next() else {
            panic!("the limit is for the whole body, not from byte to byte")
        };
        assert!(TooSlow::is_behind(&cut), "{cut:?}");
    }

    #[tokio::test]
    async fn a_silent_body_ends_with_its_time_and_an_empty_one_needs_none() {
        let silent = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let cut = axum::body::to_bytes(within(Duration::ZERO, silent), 100).await.expect_err("too slow");
        assert!(TooSlow::is_behind(&cut), "{cut:?}");
        assert!(axum::body::to_bytes(within(Duration::ZERO, Body::empty()), 100).await.is_ok());
    }
}
