//! What an accepted file becomes.

use crate::file::*;
use loader::{FloatAbi, Image, Kind, Lines, SymbolBinding, SymbolKind};

const ENTRY: u64 = TEXT + 64 + 3 * 56;

#[test]
fn segments_and_program_headers() {
    let image = Image::parse(&executable()).unwrap();
    assert_eq!((image.kind, image.load_base, image.entry), (Kind::Static, 0, ENTRY));
    let [text, data] = &image.segments[..] else {
        panic!("two segments")
    };
    assert_eq!((text.readable, text.writable, text.executable), (true, false, true));
    assert_eq!((data.readable, data.writable, data.executable), (true, true, false));
    assert_eq!(text.data().len() as u64, text.memory_size);
    assert_eq!(
        (data.address, data.memory_size, data.data()),
        (DATA, 0x1000, &b"data"[..])
    );
    assert_eq!(image.program_headers.address, Some(TEXT + 64));
    assert_eq!((image.program_headers.count, image.program_headers.entry_size), (3, 56));
    assert_eq!(image.float_abi, FloatAbi::Double);
    assert_eq!(image.tohost(), Some(DATA));
    assert_eq!(image.fromhost(), None);
    assert!(!image.is_stripped());
    assert!(image.remarks().is_empty(), "{:?}", image.remarks());
}

#[test]
fn a_static_pie_moves_as_a_whole() {
    let dynamic: Vec<u8> = [0x6fff_fffb_u64, 0x0800_0000, 0, 0]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    let symbols = [("main", ENTRY, 8, 2, 1, 1), ("absolute", 5, 0, 0, 1, 0xfff1)];
    let bytes = elf(ET_DYN, PT_DYNAMIC, &dynamic, &symbols);
    let image = Image::parse(&bytes).unwrap();
    assert_eq!((image.kind, image.load_base), (Kind::StaticPie, loader::PIE_BASE));
    assert_eq!(image.entry, ENTRY + loader::PIE_BASE);
    assert_eq!(image.segments[0].address, TEXT + loader::PIE_BASE);
    assert_eq!(image.program_headers.address, Some(TEXT + 64 + loader::PIE_BASE));
    assert_eq!(image.symbols.named("main").unwrap().address, image.entry);
    assert_eq!(image.symbols.named("absolute").unwrap().address, 5);
    // A base that is not aligned as the segments ask is rounded up.
    assert_eq!(Image::parse_at(&bytes, 0x1001).unwrap().load_base, 0x2000);
    assert!(Image::parse_at(&bytes, u64::MAX).is_err());
    // An executable at fixed addresses does not move.
    assert_eq!(Image::parse_at(&executable(), 0x1000_0000).unwrap().load_base, 0);
}

#[test]
fn symbols_by_name_and_address() {
    let symbols = [
        ("__ieee754_exp", ENTRY, 8, 2, 1, 1),
        ("exp", ENTRY, 8, 2, 2, 1),
        ("helper", ENTRY + 8, 0, 2, 0, 1),
        ("helper", DATA, 4, 1, 0, 1),
        ("$xrv64i2p1", ENTRY, 0, 0, 0, 1),
        (".L0", ENTRY + 4, 0, 0, 0, 1),
        ("inner_label", ENTRY + 4, 0, 0, 0, 1),
        ("undefined", 0, 0, 2, 1, 0),
        ("thread_local", 0, 8, 6, 1, 1),
        ("main.c", 0, 0, 4, 0, 0xfff1),
        ("resolved", ENTRY + 12, 4, 10, 1, 1),
    ];
    let image = Image::parse(&elf(ET_EXEC, 0, &[], &symbols)).unwrap();
    let names: Vec<_> = image.symbols.iter().map(|symbol| symbol.name).collect();
    assert_eq!(
        names,
        ["exp", "__ieee754_exp", "inner_label", "helper", "resolved", "helper"]
    );
    let aliases: Vec<_> = image.symbols.at(ENTRY).map(|symbol| symbol.name).collect();
    assert_eq!(aliases, ["exp", "__ieee754_exp"]);
    assert_eq!(image.symbols.at(ENTRY + 1).count(), 0);
    let exp = image.symbols.named("exp").unwrap();
    assert_eq!(
        (exp.size, exp.kind, exp.binding),
        (8, SymbolKind::Function, SymbolBinding::Weak)
    );
    assert_eq!(image.symbols.all_named("helper").count(), 2);
    assert_eq!(
        image.symbols.named("resolved").unwrap().kind,
        SymbolKind::IndirectFunction
    );

    let function = |address| {
        image
            .symbols
            .function_containing(address)
            .map(|(symbol, offset)| (symbol.name, offset))
    };
    assert_eq!(function(ENTRY), Some(("exp", 0)));
    assert_eq!(
        function(ENTRY + 6),
        Some(("exp", 6)),
        "a label inside does not hide the function"
    );
    assert_eq!(
        function(ENTRY + 10),
        Some(("helper", 2)),
        "without a size a function reaches to the next symbol"
    );
    assert_eq!(function(ENTRY + 13), Some(("resolved", 1)));
    assert_eq!(function(TEXT - 1), None);
}

#[test]
fn what_a_user_should_know() {
    let remarks = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = executable();
        change(&mut bytes);
        Image::parse(&bytes).unwrap().remarks()
    };
    assert_eq!(
        remarks(&|bytes| put64(bytes, at::SHOFF, 0)),
        ["no function names (stripped): library functions are not recognised, so printf shows plain numbers"]
    );
    assert_eq!(
        remarks(&|bytes| put32(bytes, at::FLAGS, 1)),
        [
            "soft-float ABI: floating point happens in integer instructions, which carry no distributions; build with -mabi=lp64d"
        ]
    );
    assert_eq!(
        remarks(&|bytes| put32(bytes, at::FLAGS, 3)),
        ["ABI lp64f: doubles travel in integer registers; library functions expect lp64d"]
    );
    assert_eq!(
        remarks(&|bytes| put32(bytes, at::FLAGS, 7)),
        ["ABI lp64q: quad-precision instructions are not available; build with -mabi=lp64d"]
    );
    assert_eq!(
        remarks(&|bytes| put32(bytes, at::FLAGS, 0xd)),
        ["RV64E ABI: library functions expect their arguments as lp64d passes them"]
    );
}

#[test]
fn without_dwarf_lines_are_symbols() {
    let bytes = executable();
    let image = Image::parse(&bytes).unwrap();
    let lines = Lines::parse(&bytes[..], &image);
    assert_eq!(lines.locate(ENTRY + 4, &image).unwrap().to_string(), "main+0x4");
    assert_eq!(lines.locate(ENTRY, &image).unwrap().to_string(), "main");
    assert_eq!(lines.locate(0, &image), None);
}

/// Programs are shared between machines on several threads.
#[test]
fn image_and_lines_cross_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Image>();
    shared::<Lines>();
}
