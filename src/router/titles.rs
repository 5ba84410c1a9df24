//! The routes of titles and of the boards of a season.

use crate::access::Routes;
use crate::titles::{self, board};

/// These routes with what they ask for, after those that are there.
pub(super) fn all(routes: Routes) -> Routes {
    routes
        .get("/api/v1/titles", titles::list_titles)
        .post("/api/v1/titles", titles::propose_title)
        .post("/api/v1/titles/{id}/confirm", titles::confirm_title)
        .post("/api/v1/titles/{id}/refuse", titles::refuse_title)
        .post("/api/v1/titles/{id}/withdraw", titles::withdraw_title)
        .post("/api/v1/titles/{id}/hold", titles::hold_title)
        .post("/api/v1/titles/{id}/lift", titles::lift_title)
        .post("/api/v1/titles/{id}/end", titles::end_title)
        .get("/admin/titles", titles::titles_page)
        .get("/admin/titles/{track}", titles::title_page)
        .post("/admin/titles/{track}", titles::propose_post)
        .post("/admin/titles/{track}/{id}", titles::step_post)
        .get("/p/{slug}/board", board::board_page)
        .get("/api/v1/tracks/{slug}/board", board::read_board)
        .get("/me/boards", board::boards_page)
        .post("/me/boards", board::boards_post)
}
