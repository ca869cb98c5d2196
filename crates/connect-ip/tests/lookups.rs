//! Lookups in databases of our own making.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use connect::ip::{Inference, IpIntelligence};
use connect_ip::{IpDatabases, writer::Writer};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn database(folder: &Path, name: &str, networks: &[(&str, u8, Value)]) -> PathBuf {
    let mut writer = Writer::default();
    for (network, prefix, value) in networks {
        writer.insert(network.parse().unwrap(), *prefix, value);
    }
    let path = folder.join(name);
    fs::write(&path, writer.to_bytes("Test", 1_790_000_000)).unwrap();
    path
}

/// In the form in which `MaxMind` writes.
fn place(country: &str, region: &str, city: &str, code: &str) -> Value {
    json!({
        "country": { "iso_code": country, "names": { "en": "A country with a long name, so that its length needs a byte" } },
        "subdivisions": [{ "iso_code": "X", "names": { "en": region } }],
        "city": { "names": { "en": city, "de": "anders" } },
        "postal": { "code": code },
        "location": { "latitude": 53.5, "longitude": -10.25, "accuracy_radius": 20 },
        "traits": { "is_anycast": false }
    })
}

fn shown(inference: &Inference) -> String {
    inference.parts().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn addresses_of_both_families_tell_place_and_company() {
    let folder = tempfile::tempdir().unwrap();
    let places = database(
        folder.path(),
        "places.mmdb",
        &[
            ("203.0.112.0", 22, place("DE", "Hamburg", "Hamburg", "20095")),
            ("203.0.113.64", 26, place("de", "Bremen", "Bremen", "28195")),
            ("2001:db8::", 32, place("NL", "South Holland", "Rotterdam", "3011")),
            // As flat as IPinfo writes.
            (
                "198.51.100.0",
                24,
                json!({ "country": "PT", "region": "Porto", "city": "Porto", "postal": "4000" }),
            ),
        ],
    );
    let companies = database(
        folder.path(),
        "companies.mmdb",
        &[
            (
                "203.0.113.0",
                24,
                json!({ "company": { "name": "Example Foods", "domain": "Foods.example", "industry": "Food", "employees": 1200 } }),
            ),
            ("198.51.100.128", 25, json!({ "traits": { "organization": "Porto Press" }, "employees": "85" })),
            ("2001:db8:5::", 48, json!({ "company": { "name": "Maas" }, "country": { "iso_code": "BE" } })),
        ],
    );
    let databases = IpDatabases::open(&[places, companies]).unwrap();
    let foods = "company=Example Foods domain=foods.example industry=Food employees=1200";
    // Twice, so that the second comes out of what is remembered.
    for _ in 0..2 {
        for (address, expected) in [
            ("203.0.113.9", format!("country=DE region=Hamburg city=Hamburg postal_code=20095 {foods}")),
            ("203.0.113.70", format!("country=DE region=Bremen city=Bremen postal_code=28195 {foods}")),
            (
                "::ffff:203.0.113.9",
                format!("country=DE region=Hamburg city=Hamburg postal_code=20095 {foods}"),
            ),
            ("203.0.115.255", "country=DE region=Hamburg city=Hamburg postal_code=20095".to_owned()),
            ("203.0.116.0", String::new()),
            ("198.51.100.127", "country=PT region=Porto city=Porto postal_code=4000".to_owned()),
            (
                "198.51.100.128",
                "country=PT region=Porto city=Porto postal_code=4000 company=Porto Press employees=85"
                    .to_owned(),
            ),
            (
                "2001:db8:5::1",
                "country=NL region=South Holland city=Rotterdam postal_code=3011 company=Maas".to_owned(),
            ),
            ("2001:db9::1", String::new()),
            ("10.0.0.1", String::new()),
            ("127.0.0.1", String::new()),
            ("::1", String::new()),
        ] {
            assert_eq!(shown(&databases.look_up(address.parse().unwrap())), expected, "{address}");
        }
    }
}

#[test]
fn values_of_every_length_come_back() {
    let folder = tempfile::tempdir().unwrap();
    for length in [0, 1, 28, 29, 30, 199] {
        let name = "x".repeat(length);
        let path =
            database(folder.path(), "one.mmdb", &[("0.0.0.0", 0, json!({ "company": { "name": name } }))]);
        let found = IpDatabases::open(&[path]).unwrap().look_up("192.0.2.1".parse().unwrap());
        assert_eq!(found.company.unwrap_or_default(), name, "{length}");
    }
}

#[test]
fn missing_and_broken_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere.mmdb");
    let error = IpDatabases::open(std::slice::from_ref(&missing)).err().unwrap();
    assert!(error.contains("nowhere.mmdb"), "{error}");
    let broken = folder.path().join("broken.mmdb");
    for content in [&b"not a database"[..], b""] {
        fs::write(&broken, content).unwrap();
        let error = IpDatabases::open(std::slice::from_ref(&broken)).err().unwrap();
        assert!(error.contains("broken.mmdb is not a database in the MMDB format"), "{error}");
    }
}

#[test]
fn a_changed_file_is_read_again_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        database(folder.path(), "a.mmdb", &[("192.0.2.0", 24, place("DE", "Hamburg", "Hamburg", "1"))]);
    let databases = IpDatabases::open(std::slice::from_ref(&path)).unwrap();
    let city = || databases.look_up("192.0.2.1".parse().unwrap()).city.unwrap_or_default();
    assert_eq!(city(), "Hamburg");
    assert!(!databases.reload());
    database(folder.path(), "a.mmdb", &[("192.0.2.0", 24, place("DE", "Bremen", "Bremerhaven", "2"))]);
    assert!(databases.reload());
    assert_eq!(city(), "Bremerhaven");
    fs::write(&path, "half a fi").unwrap();
    assert!(!databases.reload());
    assert_eq!(city(), "Bremerhaven");
    fs::remove_file(&path).unwrap();
    assert!(!databases.reload());
    assert_eq!(city(), "Bremerhaven");
}
