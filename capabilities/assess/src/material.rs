//! Material shown with a question or marked by the person: a mail, an inbox, folders, permissions of an app, a page to sign
//! in, a calendar, a form. One shape for all: a kind and parts in order. How each looks is in `document_view.rs`.

use melek_framework::Text;
use serde::Deserialize;
use time::Date;

use crate::item::Entry;

#[derive(Debug, Clone)]
pub struct Document {
    pub kind: DocumentKind,
    /// What stands on top: the name of the mailbox, folder, app or form.
    pub title: Option<Text>,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Mail,
    Chat,
    Results,
    Assistant,
    Page,
    Inbox,
    FolderTree,
    Permissions,
    Login,
    Calendar,
    Form,
}

#[derive(Debug, Clone)]
pub struct Part {
    pub role: PartRole,
    pub label: Option<Text>,
    /// Key, text and reason; the key is empty in a material that is only looked at.
    pub entry: Entry,
    pub mark: PartMark,
    pub more: PartMore,
}

/// What only some kinds have.
#[derive(Debug, Clone, Default)]
pub struct PartMore {
    /// Size and date of a file, time of a message, place of an appointment, hint beside a field.
    pub detail: Option<Text>,
    /// Name of a file attached to a message.
    pub attachment: Option<Text>,
    /// First lines of a message.
    pub body: Option<Text>,
    /// Unread, allowed, ticked, with a lock.
    pub on: bool,
    /// How deep in a tree of folders, from 0.
    pub depth: usize,
    /// Of an appointment.
    pub day: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartRole {
    Header,
    Line,
    Link,
    Attachment,
    Message,
    Folder,
    File,
    Permission,
    Address,
    Certificate,
    Field,
    Button,
    Entry,
    Tick,
}

/// Whether a part can be marked, and whether it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartMark {
    Fixed,
    Right,
    Wrong,
}

impl Document {
    pub fn markable(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.mark != PartMark::Fixed)
    }

    /// Everything a person reads of it.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.title.iter().chain(self.parts.iter().flat_map(Part::texts))
    }
}

impl Part {
    fn texts(&self) -> impl Iterator<Item = &Text> {
        let PartMore { detail, attachment, body, .. } = &self.more;
        let text = std::iter::once(&self.entry.text);
        self.label.iter().chain(text).chain(detail).chain(body).chain(attachment)
    }
}

impl DocumentKind {
    pub fn id(self) -> &'static str {
        match self {
            DocumentKind::Mail => "mail",
            DocumentKind::Chat => "chat",
            DocumentKind::Results => "results",
            DocumentKind::Assistant => "assistant",
            DocumentKind::Page => "page",
            DocumentKind::Inbox => "inbox",
            DocumentKind::FolderTree => "folder_tree",
            DocumentKind::Permissions => "permissions",
            DocumentKind::Login => "login",
            DocumentKind::Calendar => "calendar",
            DocumentKind::Form => "form",
        }
    }

    /// What its parts can be.
    pub fn roles(self) -> &'static [PartRole] {
        use PartRole::{
            Address, Attachment, Button, Certificate, Entry, Field, File, Folder, Header, Line, Link, Message,
            Permission, Tick,
        };
        match self {
            DocumentKind::Mail | DocumentKind::Chat | DocumentKind::Page => &[Header, Line, Link, Attachment],
            DocumentKind::Results | DocumentKind::Assistant => &[Header, Line, Link, Attachment],
            DocumentKind::Inbox => &[Message],
            DocumentKind::FolderTree => &[Folder, File],
            DocumentKind::Permissions => &[Permission],
            DocumentKind::Login => &[Address, Certificate, Header, Line, Field, Tick, Button, Link],
            DocumentKind::Calendar => &[Entry],
            DocumentKind::Form => &[Header, Line, Field, Tick],
        }
    }
}

impl PartRole {
    pub fn id(self) -> &'static str {
        match self {
            PartRole::Header => "header",
            PartRole::Line => "line",
            PartRole::Link => "link",
            PartRole::Attachment => "attachment",
            PartRole::Message => "message",
            PartRole::Folder => "folder",
            PartRole::File => "file",
            PartRole::Permission => "permission",
            PartRole::Address => "address",
            PartRole::Certificate => "certificate",
            PartRole::Field => "field",
            PartRole::Button => "button",
            PartRole::Entry => "entry",
            PartRole::Tick => "tick",
        }
    }
}
