//! OData's query options, as far as presence has use for them. <https://learn.microsoft.com/graph/query-parameters>

mod filter;
mod property;
mod query;

use property::property;
pub(crate) use query::Query;
