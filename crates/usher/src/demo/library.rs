//! What the demo's answer card may say, and the document that a dialogue offers.

use super::pdf::{Leaf, booklet};

/// What the document is called.
pub const GUIDE: &str = "A field guide to the cold chain";

/// The library as the file that Tidewater's people uploaded: two rows are still to be reviewed or were turned down.
pub fn responses(public_url: &str) -> String {
    RESPONSES.replace("%BASE%", public_url)
}

const RESPONSES: &str = r#"question,variants,answer,topics,links,state
How much does it cost?,"What are your prices?
Is there a set-up fee?
What does a pallet cost?","**€ 9 a pallet**, or € 6.50 from 500 pallets a month. There is no set-up fee and no minimum.",Prices,Prices | %BASE%/demo/pricing,approved
How long does the battery last?,"Battery life of a sensor
Do I have to charge the sensors?","A sensor runs **nine years** at one reading a minute. Nobody has to charge it.",Sensors,How it works | %BASE%/demo/product,approved
What happens without a mobile network?,"Does it work at sea?
Are readings lost offline?","Sensors remember **40 days** of readings and send them as soon as there is a network again. Nothing is lost; an alarm comes late.",Sensors,How it works | %BASE%/demo/product,approved
What if a sensor is lost?,"Who pays for lost sensors?
A sensor did not come back","Nine of ten come back. We write off the rest, up to three in a hundred.","Prices
Sensors",Prices | %BASE%/demo/pricing,approved
How do sensors come back?,"Where do I send the sensors?
Returns","In a *prepaid box* that stands at your customer's dock. When it is full, any courier takes it.",Sensors,,approved
Can we try it on one lane?,"Is there a trial?
How does a pilot work?","Yes, most begin so:
- six weeks on one lane
- ten sensors
- a report at the end",Pilot,Plan a pilot | %BASE%/demo/help,approved
Do drivers need an app?,"Must drivers do anything?
Is there an app for drivers?","No. Sensors talk for themselves.",Sensors,,approved
Is it approved for medicines?,"Do you support GDP?
GxP validation documents","Yes. The plan *Network* comes with validation documents for GDP and GxP, and every delivery has a signed report.","Medicines
Prices",Prices | %BASE%/demo/pricing,approved
Who gets the alarms?,"Can I choose who is called?
Duty rosters","Whoever is on duty for that leg of the journey: first one person, after some minutes the next. You set the roster.",Alarms,,approved
Which ERP systems do you connect to?,Do you work with SAP?,"Orders come by an open API; ask an engineer for the connector of your ERP.",Connections,,needs_review
Are you cheaper than the others?,,"Of course.",Prices,,rejected
"#;

/// The document.
pub fn guide() -> Vec<u8> {
    booklet(&LEAVES)
}

const LEAVES: [Leaf; 4] = [
    Leaf {
        title: "A field guide to the cold chain",
        lines: &[
            "What we learned on two thousand lanes.",
            "",
            "Chapter one stands on our website: the dock is the weakest link.",
            "This booklet has the next three. Read them in any order.",
        ],
    },
    Leaf {
        title: "Two: the handover",
        lines: &[
            "Goods change hands six times between a dairy and a shelf.",
            "Each time somebody signs a form that nobody will read.",
            "",
            "Sign a temperature instead. A handover is done when both sides",
            "have seen the same curve, and not before.",
            "",
            "Where that is agreed, claims fall by half within a season.",
        ],
    },
    Leaf {
        title: "Three: limits by product",
        lines: &[
            "Lettuce forgives an hour. Vaccines do not forgive a minute.",
            "Strawberries forgive heat, and never a knock.",
            "",
            "Write one limit for each product and each leg, with a duration.",
            "Start with what the producer promises. Measure two weeks. Tighten.",
        ],
    },
    Leaf {
        title: "Four: the night shift",
        lines: &[
            "Alarms at night fail for one reason: nobody knows whose they are.",
            "",
            "Name one person for each leg and each hour, and a second one.",
            "Say after how many minutes the second is called.",
            "Practise it once, on a quiet afternoon (and write down what broke).",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_has_a_column_for_each_cell() {
        let file = responses("http://127.0.0.1:1");
        let mut rows = csv::Reader::from_reader(file.as_bytes());
        let answers: Vec<_> = rows.records().map(|row| row.expect("as wide as the head")).collect();
        assert_eq!(answers.len(), 11);
        assert!(answers.iter().all(|row| !row[2].is_empty()));
    }
}
