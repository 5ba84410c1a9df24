//! One row of long work of this room.

use serde_json::json;

use super::{health, plan};
use crate::app::App;
use crate::database::Kind;
use crate::error::Result;
use crate::ids::JobId;
use crate::jobs::{self, Job, JobKind, Outcome};

/// Looks at the members of one row; what it found and the end of the row are one change. Answers whether there was something to do.
pub async fn work(app: &App, job: &Job) -> Result<bool> {
    let mut ch = app.db.change(job.actor(), Kind::Ordinary).await?;
    let Some(row) = jobs::claim(&ch, job.id).await? else {
        ch.undo().await?;
        return jobs::close(app, job.id).await;
    };
    let counted = match job.kind {
        JobKind::TrackHealth => health::count_row(&mut ch, job, &row).await,
        _ => plan::count_row(&mut ch, job, &row).await,
    };
    match counted {
        Ok(counted) => {
            jobs::settle(&ch, &row, Outcome::Done(json!({"counted": counted}))).await?;
            ch.commit().await?;
        }
        Err(why) => {
            ch.undo().await?;
            jobs::put_off(app, &row, &why).await?;
        }
    }
    Ok(true)
}

/// Works off this job alone, for whoever waits for so little that it can be had at once.
pub(super) async fn finish(app: &App, id: JobId) -> Result<()> {
    loop {
        let job = jobs::find(app.db.read(), id).await?;
        if job.state.has_ended() || !work(app, &job).await? {
            return Ok(());
        }
    }
}
