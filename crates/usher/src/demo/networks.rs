//! What addresses tell in the demo: an invented list of networks for loopback and private addresses, since nobody else
//! comes to a demo. Written in the same format as real databases, and read in the same way.

use connect_ip::writer::Writer;
use serde_json::{Value as Json, json};
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// Its name in the data folder.
pub const FILE: &str = "demo-networks.mmdb";

/// Country, region, city, postal code.
const PLACES: [(&str, &str, &str, &str); 8] = [
    ("DE", "Hamburg", "Hamburg", "20457"),
    ("NL", "South Holland", "Rotterdam", "3011"),
    ("FR", "Auvergne-Rhône-Alpes", "Lyon", "69002"),
    ("PT", "Porto", "Porto", "4050"),
    ("AT", "Styria", "Graz", "8010"),
    ("SE", "Västra Götaland", "Gothenburg", "41103"),
    ("IE", "Munster", "Cork", "T12"),
    ("GB", "England", "Leeds", "LS1"),
];
/// Where whoever tries the demo seems to be.
const OWN: [(&str, u8); 5] =
    [("127.0.0.0", 8), ("10.0.0.0", 8), ("172.16.0.0", 12), ("192.168.0.0", 16), ("::1", 128)];

/// Writes the list into the data folder; its path.
pub fn write(data: &Path) -> Result<PathBuf, String> {
    let path = data.join(FILE);
    let said = |error: std::io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(data).map_err(said)?;
    fs::write(&path, database()?).map_err(said)?;
    Ok(path)
}

fn database() -> Result<Vec<u8>, String> {
    let mut writer = Writer::default();
    let mut own = place(PLACES[0]);
    own["company"] = json!({
        "name": "Nordküste Frost", "domain": "nordkueste-frost.example", "industry": "Food", "employees": 420
    });
    for (network, prefix) in OWN {
        writer.insert(address(network)?, prefix, &own);
    }
    // The visitors of the demo's three weeks: thirty neighbours in each place, at home.
    for block in 0..32_u8 {
        let network = IpAddr::from([10, 20, block / 8, block % 8 * 32]);
        writer.insert(network, 27, &place(PLACES[usize::from(block) % PLACES.len()]));
    }
    Ok(writer.to_bytes("Usher-Demo-Networks", 1_790_000_000))
}

fn address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| format!("{text} is no address"))
}

fn place((country, region, city, postal_code): (&str, &str, &str, &str)) -> Json {
    json!({
        "country": { "iso_code": country }, "subdivisions": [{ "names": { "en": region } }],
        "city": { "names": { "en": city } }, "postal": { "code": postal_code }
    })
}

#[cfg(test)]
mod tests {
    use connect::IpIntelligence;

    #[test]
    fn whoever_tries_the_demo_seems_to_be_somewhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = super::write(folder.path()).expect("written");
        let networks = connect_ip::IpDatabases::open(&[path]).expect("read");
        for (from, city, company) in [
            ("127.0.0.1", "Hamburg", Some("Nordküste Frost")),
            ("::1", "Hamburg", Some("Nordküste Frost")),
            ("192.168.1.20", "Hamburg", Some("Nordküste Frost")),
            ("10.20.0.40", "Rotterdam", None),
            ("10.20.1.1", "Hamburg", None),
        ] {
            let found = networks.look_up(from.parse().expect("an address"));
            assert_eq!((found.city.as_deref(), found.company.as_deref()), (Some(city), company), "{from}");
        }
    }
}
