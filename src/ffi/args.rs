//! Typed arguments: each pointer is wrapped once, and checked before use. Wrapping cannot panic, since it happens
//! outside of `entry`. Reading what the pointer points to may panic.

use std::ffi::{CStr, c_char};
use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::argument::ArgumentFailure;

/// An object or struct to read, or NULL.
pub(super) struct In<'a, T>(Option<&'a T>);

impl<'a, T> In<'a, T> {
    /// # Safety
    /// `pointer` is NULL or valid for reads and not changed for `'a`.
    pub(super) unsafe fn new(pointer: *const T) -> Self {
        // SAFETY: by the function's own condition.
        Self(unsafe { pointer.as_ref() })
    }

    pub(super) fn required(self, name: &'static str) -> Result<&'a T, ArgumentFailure> {
        self.0.ok_or(ArgumentFailure::Null(name))
    }

    pub(super) fn optional(self) -> Option<&'a T> {
        self.0
    }
}

/// A text to read, or NULL.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(Option<&'a CStr>);

impl<'a> Text<'a> {
    /// # Safety
    /// `pointer` is NULL or points to bytes that end in NUL and do not change for `'a`.
    pub(super) unsafe fn new(pointer: *const c_char) -> Self {
        // SAFETY: by the function's own condition.
        Self((!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }))
    }

    pub(super) fn required(self, name: &'static str) -> Result<&'a str, ArgumentFailure> {
        self.optional(name)?.ok_or(ArgumentFailure::Null(name))
    }

    pub(super) fn optional(self, name: &'static str) -> Result<Option<&'a str>, ArgumentFailure> {
        let text = self.0.map(CStr::to_str).transpose();
        text.map_err(|_| ArgumentFailure::Utf8(name))
    }
}

/// Bytes to read, or NULL.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a> {
    pointer: *const u8,
    size: u32,
    valid: PhantomData<&'a [u8]>,
}

impl<'a> Bytes<'a> {
    /// # Safety
    /// `pointer` is NULL or points to `size` bytes that do not change for `'a`.
    pub(super) unsafe fn new(pointer: *const u8, size: u32) -> Self {
        Self { pointer, size, valid: PhantomData }
    }

    pub(super) fn optional(self, name: &'static str) -> Result<Option<&'a [u8]>, ArgumentFailure> {
        if self.pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: by the condition of `new`.
        unsafe { array(self.pointer, self.size, name) }.map(Some)
    }

    pub(super) fn required(self, name: &'static str) -> Result<&'a [u8], ArgumentFailure> {
        self.optional(name)?.ok_or(ArgumentFailure::Null(name))
    }
}

/// The most items of an array. A larger count is a mistake of the caller.
const MOST_ITEMS: u32 = 1_000_000;

/// Reads an array.
///
/// # Safety
/// `pointer` is NULL or points to `count` items that do not change for `'a`.
pub(super) unsafe fn array<'a, T>(
    pointer: *const T,
    count: u32,
    name: &'static str,
) -> Result<&'a [T], ArgumentFailure> {
    match count {
        0 => Ok(&[]),
        _ if pointer.is_null() => Err(ArgumentFailure::Null(name)),
        // SAFETY: by the function's own condition.
        1..=MOST_ITEMS => Ok(unsafe { std::slice::from_raw_parts(pointer, count as usize) }),
        _ => {
            let reason = format!("has a count of {count}. Give at most {MOST_ITEMS}");
            Err(ArgumentFailure::Option { name, reason })
        }
    }
}

/// Variables to read in place of those of the process.
///
/// # Safety
/// `pointer` is as the header's chapter "Arguments" says, for `'a`.
pub(super) unsafe fn environment<'a>(
    pointer: *const *const c_char,
    count: u32,
) -> Result<Option<Vec<(&'a str, &'a str)>>, ArgumentFailure> {
    const NAME: &str = "environment";
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: by the function's own condition.
    let texts = unsafe { array(pointer, count, NAME) }?.iter();
    let variables = texts.map(|text| {
        // SAFETY: as above.
        let text = unsafe { Text::new(*text) }.required(NAME)?;
        text.split_once('=').ok_or_else(|| {
            let reason = "has a text without \"=\". Write NAME=value".into();
            ArgumentFailure::Option { name: NAME, reason }
        })
    });
    variables.collect::<Result<_, _>>().map(Some)
}

/// Where to put an object. It is NULL from the start, so that there is nothing to free after a failure.
pub(super) struct Out<'a, T>(Option<&'a mut *mut T>);

impl<T> Out<'_, T> {
    /// # Safety
    /// `pointer` is NULL or valid for writes for as long as this lives.
    pub(super) unsafe fn new(pointer: *mut *mut T) -> Self {
        if !pointer.is_null() {
            // SAFETY: by the function's own condition; nothing is read or dropped.
            unsafe { pointer.write(std::ptr::null_mut()) };
        }
        // SAFETY: as above, and initialised now.
        Self(unsafe { pointer.as_mut() })
    }

    pub(super) fn required(self, name: &'static str) -> Result<Self, ArgumentFailure> {
        if self.0.is_some() { Ok(self) } else { Err(ArgumentFailure::Null(name)) }
    }

    /// Gives an object to the caller, who frees it. Drops it if the caller passed NULL.
    pub(super) fn put(self, object: T) {
        if let Some(place) = self.0 {
            *place = Box::into_raw(Box::new(object));
        }
    }
}

/// Where to put a plain value; NULL if the caller does not want it.
pub(super) struct OutValue<'a, T>(Option<&'a mut MaybeUninit<T>>);

impl<T: Copy> OutValue<'_, T> {
    /// # Safety
    /// `pointer` is NULL or valid for writes for as long as this lives.
    pub(super) unsafe fn new(pointer: *mut T) -> Self {
        // SAFETY: by the function's own condition; MaybeUninit needs no initial value.
        Self(unsafe { pointer.cast::<MaybeUninit<T>>().as_mut() })
    }

    pub(super) fn put(self, value: T) {
        if let Some(place) = self.0 {
            place.write(value);
        }
    }
}

/// A struct that later versions may extend at its end.
///
/// # Safety
/// `repr(C)`, begins with `struct_size: u32`, and all fields are integers or pointers, so that zero bytes are a value.
pub(super) unsafe trait Versioned: Copy {
    const NAME: &'static str;
    /// The size of the first version, which every caller has at least: a smaller one, such as that of a pointer, is a
    /// mistake. To be written out when a field is added.
    const FIRST: usize = size_of::<Self>();
}

/// The size of a caller's struct, checked. It is a multiple of the alignment: with any other size, the struct would end
/// within a pointer.
///
/// # Safety
/// `pointer` is valid for reads of its first field.
unsafe fn size_of_struct<T: Versioned>(pointer: *const T) -> Result<usize, ArgumentFailure> {
    // SAFETY: by the function's own condition.
    let size = unsafe { pointer.cast::<u32>().read() } as usize;
    match (T::FIRST..=LARGEST).contains(&size) && size.is_multiple_of(align_of::<T>()) {
        true => Ok(size),
        false => Err(ArgumentFailure::StructSize(T::NAME)),
    }
}

/// The largest size of a struct. A larger struct_size is a mistake of the caller.
const LARGEST: usize = 4096;

/// The caller's struct, to be read.
pub(super) struct InStruct<'a, T> {
    pointer: *const T,
    valid: PhantomData<&'a T>,
}

impl<T: Versioned> InStruct<'_, T> {
    /// # Safety
    /// `pointer` is NULL or valid for reads of the number of bytes that its first field holds, for as long as this
    /// lives.
    pub(super) unsafe fn new(pointer: *const T) -> Self {
        Self { pointer, valid: PhantomData }
    }

    /// The struct in this library's size. Fields that an older caller's struct lacks are zero. `None` for NULL.
    pub(super) fn read(&self) -> Result<Option<T>, ArgumentFailure> {
        // SAFETY: by the condition of `new`.
        unsafe { read_struct(self.pointer) }
    }
}

/// # Safety
/// `pointer` is NULL or valid for reads of the number of bytes that its first field holds.
unsafe fn read_struct<T: Versioned>(pointer: *const T) -> Result<Option<T>, ArgumentFailure> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: by the function's own condition at least the first field can be read.
    let size = unsafe { size_of_struct(pointer) }?;
    let mut own = MaybeUninit::<T>::zeroed();
    let shared = size.min(size_of::<T>());
    // SAFETY: `shared` bytes lie within both; the two do not overlap, since `own` is new.
    unsafe { own.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(pointer.cast(), shared) };
    // SAFETY: the bytes from `shared` to `size` are the caller's; bytes have no alignment.
    let tail =
        unsafe { std::slice::from_raw_parts(pointer.cast::<u8>().add(shared), size - shared) };
    if tail.iter().any(|byte| *byte != 0) {
        return Err(ArgumentFailure::StructSize(T::NAME));
    }
    // SAFETY: zero bytes are a value of every Versioned type, and so are the caller's integers and pointers.
    Ok(Some(unsafe { own.assume_init() }))
}

/// Where to put a struct whose size the caller has set.
pub(super) struct OutStruct<'a, T> {
    pointer: *mut T,
    valid: PhantomData<&'a mut T>,
}

impl<T: Versioned> OutStruct<'_, T> {
    /// # Safety
    /// `pointer` is NULL or valid for writes of the number of bytes that its first field holds, for as long as this
    /// lives.
    pub(super) unsafe fn new(pointer: *mut T) -> Self {
        Self { pointer, valid: PhantomData }
    }

    /// Checks the caller's size.
    pub(super) fn required(self, name: &'static str) -> Result<impl FnOnce(T), ArgumentFailure> {
        let Self { pointer, .. } = self;
        if pointer.is_null() {
            return Err(ArgumentFailure::Null(name));
        }
        // SAFETY: by the condition of `new` at least the first field can be read.
        let size = unsafe { size_of_struct(pointer) }?;
        Ok(move |value: T| {
            const KEPT: usize = size_of::<u32>();
            let shared = size.min(size_of::<T>());
            // SAFETY: by the condition of `new` `size` bytes can be written; `shared` lies within both, and the two do
            // not overlap. The caller's struct_size is kept; fields that only the caller knows become zero.
            unsafe {
                let (to, from) = (pointer.cast::<u8>(), (&raw const value).cast::<u8>());
                to.add(KEPT).copy_from_nonoverlapping(from.add(KEPT), shared - KEPT);
                to.add(shared).write_bytes(0, size - shared);
            }
        })
    }
}

/// Takes back an object that [`Out::put`] gave to the caller.
///
/// # Safety
/// `pointer` is NULL or comes from [`Out::put`] and is not used again.
pub(super) unsafe fn take<T>(pointer: *mut T) -> Option<Box<T>> {
    // SAFETY: by the function's own condition it is a Box's.
    (!pointer.is_null()).then(|| unsafe { Box::from_raw(pointer) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy)]
    #[repr(C)]
    struct Grown {
        struct_size: u32,
        first: u32,
        later: u32,
    }

    // SAFETY: repr(C), struct_size first, integers only.
    unsafe impl Versioned for Grown {
        const NAME: &'static str = "grown";
        const FIRST: usize = 8;
    }

    #[test]
    fn the_missing_tail_of_an_older_caller_counts_as_zero() {
        for (struct_size, read) in [(4, None), (8, Some((1, 0))), (10, None), (12, Some((1, 2)))] {
            let given = Grown { struct_size, first: 1, later: 2 };
            // SAFETY: no size is larger than the struct.
            let own = unsafe { read_struct(&raw const given) };
            let own = own.ok().flatten().map(|own| (own.first, own.later));
            assert_eq!(own, read, "{struct_size}");
        }
    }
}
