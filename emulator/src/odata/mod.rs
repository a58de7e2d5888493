//! The OData query options that apply to presence. <https://learn.microsoft.com/graph/query-parameters>

mod filter;
mod property;
mod query;

use property::property;
pub(crate) use query::Query;
