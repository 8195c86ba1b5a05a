//! Where the parts of an upload go: what the API signed, as address and headers (data.md §6).
use crate::net::rest;
use crate::rt::map::Map;

/// Address and headers of a part, the first is 1: what is said of the part goes before what is said of all.
pub(super) fn place(signs: &rest::AuthSignParts, number: i64) -> (String, Vec<(String, String)>) {
    let none = rest::SignPart::default();
    let part = signs.parts.iter().find(|part| part.part_number == number);
    let part = part.unwrap_or(&none);
    let url = if part.url.is_empty() {
        &signs.url
    } else {
        &part.url
    };
    let query = merged(&signs.query, &part.query);
    let (path, own) = url.split_once('?').unwrap_or((url, ""));
    let mut pairs: Vec<String> = Vec::new();
    for pair in own.split('&').filter(|pair| !pair.is_empty()) {
        let key = pair.split('=').next().unwrap_or_default();
        if !query.contains_key(&encoded(key)) && !query.contains_key(key) {
            pairs.push(pair.to_owned());
        }
    }
    for (key, values) in query {
        let values = values
            .iter()
            .map(|value| [&encoded(&key), "=", &encoded(value)].concat());
        pairs.extend(values);
    }
    let mut url = path.to_owned();
    if !pairs.is_empty() {
        url = [&url, "?", &pairs.join("&")].concat();
    }
    let headers = merged(&signs.header, &part.header).into_iter();
    let headers = headers.map(|(key, values)| (key, values.join(",")));
    (url, headers.collect())
}

fn merged(all: &[rest::KeyValues], part: &[rest::KeyValues]) -> Map<String, Vec<String>> {
    let pairs = all.iter().chain(part);
    let mut map = Map::new();
    for pair in pairs {
        map.insert(pair.key.clone(), pair.values.clone());
    }
    map
}

/// As a query has it.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            let digits = b"0123456789ABCDEF";
            out.push(char::from(digits[usize::from(byte >> 4)]));
            out.push(char::from(digits[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(key: &str, value: &str) -> rest::KeyValues {
        rest::KeyValues {
            key: key.into(),
            values: vec![value.into()],
        }
    }

    #[test]
    fn what_is_said_of_a_part_goes_before_what_is_said_of_all() {
        let signs = rest::AuthSignParts {
            url: "http://s/b?uploadId=1&partNumber=0&x=%2F".into(),
            query: vec![pair("partNumber", "9"), pair("sign", "a/b c")],
            header: vec![pair("X-A", "1"), pair("X-B", "2")],
            parts: vec![rest::SignPart {
                part_number: 2,
                url: String::new(),
                query: vec![pair("partNumber", "2")],
                header: vec![pair("X-B", "3")],
            }],
        };
        let (url, headers) = place(&signs, 2);
        assert_eq!(
            url,
            "http://s/b?uploadId=1&x=%2F&partNumber=2&sign=a%2Fb%20c"
        );
        let own = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(headers, [own("X-A", "1"), own("X-B", "3")]);
        let (url, _) = place(&signs, 1);
        assert_eq!(
            url,
            "http://s/b?uploadId=1&x=%2F&partNumber=9&sign=a%2Fb%20c"
        );
    }
}
