//! Invented people as CSV: for the demo, for trying the importer, and for its benchmark. The same seed gives the same rows.

use std::io::{self, Write};

const FIRST: [&str; 48] = [
    "Ada", "Amir", "Anneke", "Aoife", "Bao", "Björn", "Carla", "Chidi", "Chloé", "Daan", "Dilara", "Elif",
    "Emeka", "Esther", "Farid", "Freya", "Gita", "Hana", "Henrik", "Ines", "Ivo", "Jonas", "Júlia", "Kaito",
    "Katja", "Lars", "Leila", "Luca", "Maren", "Mateo", "Mina", "Nadia", "Noor", "Oskar", "Paola", "Priya",
    "Rafael", "Renée", "Sanne", "Selma", "Søren", "Tariq", "Thandi", "Ulla", "Viktor", "Wanjiru", "Yara",
    "Zoë",
];

const LAST: [&str; 48] = [
    "Abebe",
    "Andersen",
    "Bakker",
    "Barros",
    "Becker",
    "Bianchi",
    "Brandt",
    "Castro",
    "Chen",
    "Costa",
    "Dahl",
    "de Vries",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Fontaine",
    "García",
    "Haddad",
    "Hansen",
    "Ito",
    "Ivanova",
    "Jansen",
    "Kaya",
    "Keller",
    "Khan",
    "Kowalski",
    "Lehmann",
    "Lindqvist",
    "Marino",
    "Mendes",
    "Moreau",
    "Müller",
    "Nakamura",
    "Novák",
    "O’Brien",
    "Okafor",
    "Oliveira",
    "Park",
    "Petrov",
    "Rossi",
    "Sato",
    "Schneider",
    "Silva",
    "Singh",
    "Tanaka",
    "van Dijk",
    "Virtanen",
    "Wójcik",
];

const COMPANY_HEAD: [&str; 24] = [
    "Meridian",
    "Baltic",
    "Orchard",
    "Polar",
    "Harbour",
    "Alpine",
    "Delta",
    "Northern",
    "Coral",
    "Granite",
    "Saffron",
    "Cobalt",
    "Juniper",
    "Linden",
    "Marigold",
    "Onyx",
    "Pioneer",
    "Quartz",
    "Riverside",
    "Summit",
    "Tundra",
    "Vesper",
    "Willow",
    "Zephyr",
];

const COMPANY_TAIL: [(&str, &str); 10] = [
    ("Pharma", "Pharmaceuticals"),
    ("Logistics", "Transport"),
    ("Foods", "Food"),
    ("Fisheries", "Food"),
    ("Biotech", "Biotechnology"),
    ("Freight", "Transport"),
    ("Dairy", "Food"),
    ("Clinics", "Health care"),
    ("Flowers", "Horticulture"),
    ("Cold Stores", "Warehousing"),
];

const TITLES: [(&str, &str); 12] = [
    ("Head of Quality", "Quality"),
    ("Logistics Manager", "Logistics"),
    ("Supply Chain Director", "Logistics"),
    ("Buyer", "Purchasing"),
    ("Plant Manager", "Operations"),
    ("Quality Auditor", "Quality"),
    ("Chief Operating Officer", "Management"),
    ("Dispatcher", "Logistics"),
    ("Warehouse Lead", "Operations"),
    ("Category Manager", "Purchasing"),
    ("Regulatory Affairs", "Quality"),
    ("Managing Director", "Management"),
];

const PLACES: [(&str, &str, &str, &str); 14] = [
    ("Hamburg", "Germany", "+4940", "de"),
    ("Rotterdam", "Netherlands", "+3110", "nl"),
    ("Lyon", "France", "+334", "fr"),
    ("Porto", "Portugal", "+35122", "pt"),
    ("Graz", "Austria", "+43316", "de"),
    ("Gothenburg", "Sweden", "+4631", "sv"),
    ("Valencia", "Spain", "+3496", "es"),
    ("Bari", "Italy", "+39080", "it"),
    ("Cork", "Ireland", "+35321", "en"),
    ("Leeds", "United Kingdom", "+44113", "en"),
    ("Boston", "United States", "+1617", "en"),
    ("Osaka", "Japan", "+816", "ja"),
    ("Nairobi", "Kenya", "+25420", "en"),
    ("Curitiba", "Brazil", "+5541", "pt"),
];

const SOURCES: [&str; 6] = ["Trade fair", "Website", "Referral", "Webinar", "Newsletter", "Partner"];

/// The header of the file: sixteen columns.
pub const HEADER: &str = "Email,First name,Last name,Company,Website,Industry,Employees,Job title,Department,Phone,City,Country,Language,Source,Score,Unsubscribed";

/// Writes `rows` invented people; in every `broken_every`-th row one cell is not what its column wants (0 = none).
pub fn write(out: &mut impl Write, rows: u64, broken_every: u64) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    for number in 0..rows {
        write_row(out, number, broken_every > 0 && (number + 1).is_multiple_of(broken_every))?;
    }
    out.flush()
}

fn write_row(out: &mut impl Write, number: u64, broken: bool) -> io::Result<()> {
    let spread = mix(number);
    let pick = |shift: u32, length: usize| usize::try_from((spread >> shift) % length as u64).unwrap_or(0);
    let (first, last) = (FIRST[pick(0, FIRST.len())], LAST[pick(7, LAST.len())]);
    let (tail, industry) = COMPANY_TAIL[pick(14, COMPANY_TAIL.len())];
    let head = COMPANY_HEAD[pick(19, COMPANY_HEAD.len())];
    let domain = format!("{}-{}.example", head.to_lowercase(), tail.to_lowercase().replace(' ', "-"));
    let (title, department) = TITLES[pick(25, TITLES.len())];
    let (city, country, prefix, language) = PLACES[pick(30, PLACES.len())];
    let local = format!("{}.{}{number}", ascii(first), ascii(last));
    let email = if broken && spread.is_multiple_of(2) {
        format!("{local}(at){domain}")
    } else {
        format!("{local}@{domain}")
    };
    let score =
        if broken && spread % 2 == 1 { "many".to_owned() } else { ((spread >> 40) % 100).to_string() };
    let employees = 20 + (mix(pick(19, 24) as u64 * 31 + pick(14, 10) as u64) % 480) * 10;
    writeln!(
        out,
        "{email},{first},{last},{head} {tail},https://www.{domain},{industry},{employees},{title},{department},{prefix}{:06},{city},{country},{language},{},{score},{}",
        (spread >> 20) % 1_000_000,
        SOURCES[pick(36, SOURCES.len())],
        if spread.is_multiple_of(23) { "yes" } else { "no" },
    )
}

/// Letters that an address takes everywhere.
fn ascii(name: &str) -> String {
    kernel::text::fold(name)
        .chars()
        .map(|c| if c == 'ø' { 'o' } else { c })
        .filter(char::is_ascii_lowercase)
        .collect()
}

/// Spreads a number over 64 bits (`SplitMix64`).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_sixteen_columns_and_addresses_of_their_own() {
        let mut bytes = Vec::new();
        write(&mut bytes, 2_000, 100).expect("written to memory");
        let text = String::from_utf8(bytes).expect("text");
        let columns: Vec<usize> = text.lines().map(|l| l.split(',').count()).collect();
        assert!(columns.iter().all(|c| *c == 16));
        let mut addresses: Vec<&str> = text.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(addresses.len(), 2_000);
        let broken = text.lines().skip(1).filter(|l| l.contains("(at)") || l.contains(",many,")).count();
        assert_eq!(broken, 20);
    }
}
