//! The query options of one request, and the page that they select. <https://learn.microsoft.com/graph/query-parameters>

use std::cmp::Ordering;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::filter::Filter;
use super::property::property;
use crate::http::{GraphError, Request};

/// The options of one request.
#[derive(Debug, Default)]
pub(crate) struct Query {
    select: Option<Vec<String>>,
    filter: Option<Filter>,
    /// Each property with whether its order is descending.
    order_by: Vec<(String, bool)>,
    top: Option<usize>,
    skip: usize,
    count: bool,
    /// The options as received, for the link to the next page.
    given: Vec<(String, String)>,
}

/// The items of one answer.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The number of all matching items, if it was requested.
    pub(crate) count: Option<usize>,
    /// The query for the next page; `None` on the last page.
    pub(crate) next_query: Option<String>,
}

impl Query {
    /// Parses the options; 400 for an invalid or unsupported one. Names without `$` are ignored.
    pub(crate) fn of(request: &Request) -> Result<Self, GraphError> {
        let mut query = Self { given: request.query_pairs(), ..Self::default() };
        for (name, value) in query.given.clone() {
            match name.to_ascii_lowercase().as_str() {
                "$select" if value.split(',').any(|name| name.trim() == "*") => query.select = None,
                "$select" => {
                    query.select = Some(value.split(',').map(property).collect::<Result<_, _>>()?)
                }
                "$filter" => query.filter = Some(Filter::parse(&value)?),
                "$orderby" => {
                    query.order_by = value.split(',').map(order).collect::<Result<_, _>>()?
                }
                "$top" => {
                    query.top = Some(number(&name, &value).and_then(|top| nonzero(&name, top))?)
                }
                "$skip" | "$skiptoken" => query.skip = number(&name, &value)?,
                "$count" => query.count = flag(&name, &value)?,
                "$format" if matches!(value.as_str(), "json" | "application/json") => {}
                "$format" => return Err(invalid(&name, &value)),
                other if other.starts_with('$') => {
                    return Err(GraphError::bad_request(format!(
                        "The query option '{name}' is not supported."
                    )));
                }
                _ => {}
            }
        }
        Ok(query)
    }

    pub(crate) fn covers(&self, item: &Value) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.covers(item))
    }

    /// Removes the properties that are not selected. `@odata` annotations stay.
    pub(crate) fn project(&self, item: Value) -> Value {
        let (Some(select), Value::Object(properties)) = (&self.select, &item) else { return item };
        let kept =
            properties.iter().filter(|(name, _)| name.starts_with('@') || select.contains(name));
        Value::Object(
            kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>(),
        )
    }

    /// Whether the contents of the items decide which of them are on the page.
    pub(crate) fn looks_inside(&self) -> bool {
        self.filter.is_some() || !self.order_by.is_empty()
    }

    pub(crate) fn sort(&self, items: &mut [Value]) {
        items.sort_by(|a, b| {
            let orders = self.order_by.iter().map(|(name, is_descending)| {
                let order = a[name].as_str().cmp(&b[name].as_str());
                if *is_descending { order.reverse() } else { order }
            });
            orders.fold(Ordering::Equal, Ordering::then)
        });
    }

    /// The page. As in Graph, `$top` sets the page size; it is limited to `largest`.
    pub(crate) fn page<T>(&self, items: Vec<T>, largest: usize) -> Page<T> {
        let total = items.len();
        let size = self.top.unwrap_or(largest).min(largest);
        let end = self.skip.saturating_add(size);
        Page {
            items: items.into_iter().skip(self.skip).take(size).collect(),
            count: self.count.then_some(total),
            next_query: (end < total).then(|| self.next_query(end)),
        }
    }

    fn next_query(&self, skip: usize) -> String {
        let is_skip = |name: &str| {
            name.eq_ignore_ascii_case("$skip") || name.eq_ignore_ascii_case("$skiptoken")
        };
        let others = self.given.iter().filter(|(name, _)| !is_skip(name));
        let others = others.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        others.chain([format!("$skiptoken={skip}")]).collect::<Vec<_>>().join("&")
    }
}

fn encode(text: &str) -> String {
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'$').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

/// One property of `$orderby`, and whether the order is descending.
fn order(text: &str) -> Result<(String, bool), GraphError> {
    let mut words = text.split_whitespace();
    let name = property(words.next().unwrap_or_default())?;
    match (words.next(), words.next()) {
        (None | Some("asc"), None) => Ok((name, false)),
        (Some("desc"), None) => Ok((name, true)),
        _ => Err(GraphError::bad_request(format!("Syntax error in $orderby: '{text}'."))),
    }
}

fn number(name: &str, value: &str) -> Result<usize, GraphError> {
    value.parse().map_err(|_| invalid(name, value))
}

fn nonzero(name: &str, value: usize) -> Result<usize, GraphError> {
    if value == 0 { Err(invalid(name, "0")) } else { Ok(value) }
}

fn flag(name: &str, value: &str) -> Result<bool, GraphError> {
    value.to_ascii_lowercase().parse().map_err(|_| invalid(name, value))
}

fn invalid(name: &str, value: &str) -> GraphError {
    GraphError::bad_request(format!("Invalid value '{value}' for {name} query option found."))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Page, Query, Request};

    fn query(text: &str) -> Result<Query, u16> {
        let request = Request { query: Some(text.into()), ..Request::default() };
        Query::of(&request).map_err(|error| error.status)
    }

    fn items(count: usize) -> Vec<Value> {
        (0..count).map(|number| json!({"id": format!("{number:03}"), "activity": "Away"})).collect()
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let mut text = "$top=4&$select=id&$count=true&$filter=activity%20eq%20'Away'".to_owned();
        let mut seen = Vec::new();
        loop {
            let Page { items, count, next_query } = query(&text).unwrap().page(items(10), 100);
            assert_eq!(count, Some(10));
            seen.extend(items.into_iter().map(|item| query(&text).unwrap().project(item)));
            match next_query {
                Some(next) => text = next,
                None => break,
            }
        }
        let ids: Vec<&str> = seen.iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["000", "001", "002", "003", "004", "005", "006", "007", "008", "009"]);
        assert!(seen.iter().all(|item| item.get("activity").is_none()));
    }

    #[test]
    fn top_is_cut_to_the_largest_page() {
        assert_eq!(query("$top=1000").unwrap().page(items(10), 3).items.len(), 3);
        assert!(query("$skip=10").unwrap().page(items(10), 3).items.is_empty());
    }

    #[test]
    fn order_is_by_one_property_after_the_other() {
        let item = |id: &str, activity: &str| json!({"id": id, "activity": activity});
        let mut items = [item("1", "Away"), item("2", "Busy"), item("3", "Away")];
        for (text, expected) in [
            ("$orderby=id%20desc", "321"),
            ("$orderby=activity", "312"),
            ("$orderby=activity%20desc,id", "213"),
            ("$orderby=activity,%20id%20asc", "132"),
        ] {
            query(text).unwrap().sort(&mut items);
            let ids: String = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
            assert_eq!(ids, expected, "{text}");
        }
    }

    #[test]
    fn a_star_selects_every_property() {
        for text in ["$select=*", "$select=id,*"] {
            let item = items(1).remove(0);
            assert_eq!(query(text).unwrap().project(item.clone()), item, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_served_is_refused() {
        for text in [
            "$top=0",
            "$top=-1",
            "$top=x",
            "$skip=x",
            "$count=maybe",
            "$select=colour",
            "$expand=user",
            "$orderby=id%20up",
            "$filter=id",
            "$orderby=id,",
            "$format=xml",
        ] {
            assert_eq!(query(text).err(), Some(400), "{text}");
        }
        assert!(query("page=2&x&$format=json").is_ok());
    }
}
