//! What can happen in an attempt. Names are kept in the log: do not rename.

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $by:ident;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Who writes it: the server on what it did, the player on what it noticed, or staff.
            pub fn by(self) -> By {
                match self { $(Self::$name => By::$by,)* }
            }
        }
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Server,
    Player,
    Staff,
}

kinds! {
    Started = "started", Server;
    /// A position was shown for the first time.
    Viewed = "viewed", Server;
    /// An answer was stored: which position and revision, never what.
    Answered = "answered", Server;
    Flagged = "flagged", Server;
    /// A window became the one that writes.
    LeaseTaken = "lease_taken", Server;
    /// A window that no longer writes tried to.
    LeaseLost = "lease_lost", Server;
    /// Answers came after the end; whether they are kept is the exam's policy.
    LateAnswers = "late_answers", Server;
    MessageRead = "message_read", Server;
    /// The browser is not one of those that the exam asks for.
    BrowserRefused = "browser_refused", Server;
    /// A section was closed for good, and the next one opened.
    SectionLeft = "section_left", Server;
    BreakTaken = "break_taken", Server;
    BreakEnded = "break_ended", Server;
    /// The time that no server was there was given back.
    TimeCredited = "time_credited", Server;
    /// An accommodation came into force: that it did, never which.
    Allowed = "allowed", Server;
    Closed = "closed", Server;
    /// The candidate went to a position.
    Navigated = "navigated", Player;
    FocusLost = "focus_lost", Player;
    FocusBack = "focus_back", Player;
    NetworkLost = "network_lost", Player;
    NetworkBack = "network_back", Player;
    /// The player was opened again in the middle of an attempt.
    Resumed = "resumed", Player;
    /// A proctoring service steps in by its key: which, and with what.
    Proctor = "proctor", Staff;
    MessageSent = "message_sent", Staff;
    TimeAdded = "time_added", Staff;
    Paused = "paused", Staff;
    GoneOn = "gone_on", Staff;
    Ended = "ended", Staff;
    Voided = "voided", Staff;
}

impl Kind {
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// The kinds that a player may report.
    pub fn from_player(text: &str) -> Option<Self> {
        Self::parse(text).filter(|kind| kind.by() == By::Player)
    }
}
