//! Floor 2: a page to print, whatever it is about.
//!
//! In: texts, numbers and shapes. Out: markup of a self-contained page, in French or English. Every text of the data goes through
//! [`markup::escape`]; exact numbers stand in `<data value>`, beside their shown form; maps are drawn in the plane of their
//! territory's own CRS.
//!
//! In reading order: [`page`] (the frame around all), [`markup`] (words), [`numbers`] (quantities and dates), [`bars`], [`sheet`] (a window
//! of the plane on paper), [`ways`] (what leads from a plot to what is near it).

pub mod bars;
pub mod markup;
pub mod numbers;
pub mod page;
pub mod sheet;
pub mod ways;
