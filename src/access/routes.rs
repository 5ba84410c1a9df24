//! A router that takes guarded handlers only, and remembers for each route what its guard asks for.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};

use super::Guarded;
use crate::app::App;

/// One line of the access matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRow {
    pub method: Method,
    pub path: &'static str,
    pub asks_for: String,
}

#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    rows: Vec<RouteRow>,
}

impl Routes {
    #[must_use]
    pub fn get<H: Handler<T, App>, T: Guarded + 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::GET, MethodFilter::GET, path, handler)
    }

    #[must_use]
    pub fn post<H: Handler<T, App>, T: Guarded + 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::POST, MethodFilter::POST, path, handler)
    }

    #[must_use]
    pub fn put<H: Handler<T, App>, T: Guarded + 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::PUT, MethodFilter::PUT, path, handler)
    }

    #[must_use]
    pub fn patch<H: Handler<T, App>, T: Guarded + 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::PATCH, MethodFilter::PATCH, path, handler)
    }

    fn add<H: Handler<T, App>, T: Guarded + 'static>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.rows.push(RouteRow { method, path, asks_for: T::asks_for() });
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    pub fn into_parts(self) -> (Router<App>, Vec<RouteRow>) {
        (self.router, self.rows)
    }
}
