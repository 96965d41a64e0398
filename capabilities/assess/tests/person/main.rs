//! The person's side: sessions through the functions, pages through the whole stack of layers.

mod again;
mod effort;
mod items_shown;
mod offers;
mod office;
mod pages;
mod pilots;
mod sessions;
mod statements;
