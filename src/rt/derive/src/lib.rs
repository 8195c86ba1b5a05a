//! How types are read and written: `Read` and `Write` for JSON, `Message` for protobuf. Each type becomes
//! a table of its fields and one call, where serde's and prost's own derives compile code for every field of
//! every type (serde's: a quarter of the wasm module; prost's: 6 KB of the download). The notation is theirs, so that `ts-rs` reads the same
//! attributes and tests can compare. JSON:
//!
//! - on a struct: `default` (absent fields are those of `Default`), `rename_all = "camelCase"`;
//! - on a field: `rename = "…"`, `default`, `skip_serializing_if = "…::is_none"` or `"…::is_empty"`.
//!
//! Protobuf: the tag of each field, 1 to 255; the kind is that of the field's type.
//!
//! Anything else is refused, so that nothing is silently left out.
use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Field, Fields, LitStr, Result, parse_macro_input};

/// Implements `json::Read`.
#[proc_macro_derive(Read, attributes(serde))]
pub fn read(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input, derive_read).into()
}

/// Implements `json::Write`.
#[proc_macro_derive(Write, attributes(serde))]
pub fn write(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input, derive_write).into()
}

/// Implements `proto::Message`.
#[proc_macro_derive(Message, attributes(prost))]
pub fn message(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input, derive_message).into()
}

type Tokens = proc_macro2::TokenStream;

fn expand(input: &DeriveInput, derive: fn(&DeriveInput) -> Result<Tokens>) -> Tokens {
    derive(input).unwrap_or_else(|error| error.to_compile_error())
}

/// What the attributes of a struct or a field say.
#[derive(Default)]
struct Said {
    rename: Option<String>,
    camel_case: bool,
    default: bool,
    skip: bool,
}

fn said(attrs: &[syn::Attribute]) -> Result<Said> {
    let mut said = Said::default();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
        attr.parse_nested_meta(|meta| {
            let text = |what: &str| match meta.value()?.parse::<LitStr>() {
                Ok(text) => Ok(text.value()),
                Err(error) => Err(Error::new(error.span(), format!("{what} is a string"))),
            };
            match meta.path.get_ident().map(ToString::to_string).as_deref() {
                Some("default") => said.default = true,
                Some("rename") => said.rename = Some(text("rename")?),
                Some("rename_all") if text("rename_all")? == "camelCase" => said.camel_case = true,
                Some("skip_serializing_if") => {
                    let check = text("skip_serializing_if")?;
                    said.skip = check.ends_with("::is_none") || check.ends_with("::is_empty");
                    if !said.skip {
                        return Err(meta.error("only is_none and is_empty"));
                    }
                }
                _ => return Err(meta.error("not known here")),
            }
            Ok(())
        })?;
    }
    Ok(said)
}

/// A field: what it is called in Rust and in JSON, and what else is said of it.
fn field(of: &Said, field: &Field) -> Result<(syn::Ident, String, Said)> {
    let said = said(&field.attrs)?;
    let missing = || Error::new_spanned(field, "the field has no name");
    let ident = field.ident.clone().ok_or_else(missing)?;
    let plain = ident.to_string();
    let name = match (&said.rename, of.camel_case) {
        (Some(name), _) => name.clone(),
        (None, true) => camel_case(&plain),
        (None, false) => plain.trim_start_matches("r#").to_owned(),
    };
    Ok((ident, name, said))
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(word.len().min(1));
        name + &head.to_uppercase() + tail
    })
}

fn fields(input: &DeriveInput) -> Result<&Fields> {
    match &input.data {
        Data::Struct(data) => Ok(&data.fields),
        _ => Err(Error::new_spanned(
            &input.ident,
            "only structs are read and written",
        )),
    }
}

/// The header of an implementation, every type parameter bound by the trait itself.
fn implement(input: &DeriveInput, which: &Tokens, body: &Tokens) -> Tokens {
    let name = &input.ident;
    let mut generics = input.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(#which));
    }
    let (left, right, bounds) = generics.split_for_impl();
    quote! {
        impl #left #which for #name #right #bounds { #body }
    }
}

/// The fields' names in Rust, and the table of what they are in JSON.
fn table(
    of: &Said,
    named: &syn::FieldsNamed,
    is_optional: impl Fn(&Said) -> bool,
) -> Result<(Vec<syn::Ident>, Tokens)> {
    let (mut idents, mut table) = (Vec::new(), Vec::new());
    for one in &named.named {
        let (ident, name, said) = field(of, one)?;
        let optional = is_optional(&said);
        table.push(quote!(crate::rt::json::Field { name: #name, optional: #optional }));
        idents.push(ident);
    }
    Ok((idents, quote!(&[#(#table),*])))
}

fn derive_read(input: &DeriveInput) -> Result<Tokens> {
    let which = quote!(crate::rt::json::Read);
    let of = said(&input.attrs)?;
    let (blank, read) = match fields(input)? {
        Fields::Named(named) => {
            let (idents, table) = table(&of, named, |said| of.default || said.default)?;
            let blank = match of.default {
                true => quote!(::std::default::Default::default()),
                false => quote!(Self { #(#idents: #which::blank()),* }),
            };
            let read = quote! {
                const FIELDS: &[crate::rt::json::Field] = #table;
                crate::rt::json::read_fields(value, FIELDS, &mut [#(&mut self.#idents),*])
            };
            (blank, read)
        }
        // A newtype is what is inside.
        Fields::Unnamed(inner) if inner.unnamed.len() == 1 => (
            quote!(Self(#which::blank())),
            quote!(#which::read(&mut self.0, value)),
        ),
        Fields::Unit => (quote!(Self), quote!(crate::rt::json::read_nothing(value))),
        other => {
            return Err(Error::new_spanned(
                other,
                "a struct of named fields or a newtype",
            ));
        }
    };
    Ok(implement(
        input,
        &which,
        &quote! {
            fn blank() -> Self { #blank }
            fn read(
                &mut self,
                value: &crate::rt::json::Value,
            ) -> ::std::result::Result<(), crate::rt::json::JsonError> {
                #read
            }
        },
    ))
}

fn derive_write(input: &DeriveInput) -> Result<Tokens> {
    let which = quote!(crate::rt::json::Write);
    let of = said(&input.attrs)?;
    let write = match fields(input)? {
        Fields::Named(named) => {
            let (idents, table) = table(&of, named, |said| said.skip)?;
            quote! {
                const FIELDS: &[crate::rt::json::Field] = #table;
                crate::rt::json::write_fields(FIELDS, &[#(&self.#idents),*])
            }
        }
        Fields::Unnamed(inner) if inner.unnamed.len() == 1 => quote!(#which::write(&self.0)),
        other => {
            return Err(Error::new_spanned(
                other,
                "a struct of named fields or a newtype",
            ));
        }
    };
    Ok(implement(
        input,
        &which,
        &quote!(fn write(&self) -> crate::rt::json::Value { #write }),
    ))
}

fn derive_message(input: &DeriveInput) -> Result<Tokens> {
    let proto = quote!(::openim_web::rt::proto);
    let Fields::Named(named) = fields(input)? else {
        return Err(Error::new_spanned(&input.ident, "a struct of named fields"));
    };
    let mut tags = Vec::new();
    let mut idents = Vec::new();
    for field in &named.named {
        tags.push(tag(field)?);
        idents.push(&field.ident);
    }
    let body = quote! {
        fn merge(&mut self, bytes: &[u8]) -> ::std::result::Result<(), #proto::DecodeError> {
            #proto::read_fields(bytes, &[#(#tags),*], &mut [#(&mut self.#idents),*])
        }
        fn write(&self, out: &mut ::std::vec::Vec<u8>) {
            #proto::write_fields(out, &[#(#tags),*], &[#(&self.#idents),*])
        }
    };
    let which = quote!(#proto::Message);
    let name = &input.ident;
    let (left, right, bounds) = input.generics.split_for_impl();
    Ok(quote!(impl #left #which for #name #right #bounds { #body }))
}

/// The tag in `#[prost(int64, repeated, tag = "7")]`.
fn tag(field: &Field) -> Result<u8> {
    let mut tag = None;
    for attr in field
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("prost"))
    {
        attr.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string);
            match word.as_deref() {
                Some("tag") => {
                    let text = meta.value()?.parse::<LitStr>()?;
                    let number = text.value().parse().ok().filter(|number| *number > 0);
                    tag = Some(number.ok_or_else(|| meta.error("a tag is 1 to 255"))?);
                    Ok(())
                }
                Some("bytes") if meta.value()?.parse::<LitStr>()?.value() == "vec" => Ok(()),
                Some(
                    "string" | "bool" | "int32" | "int64" | "uint32" | "uint64" | "message"
                    | "repeated" | "optional" | "required",
                ) => Ok(()),
                _ => Err(meta.error("not known here")),
            }
        })?;
    }
    tag.ok_or_else(|| Error::new_spanned(field, "the field has no tag"))
}
