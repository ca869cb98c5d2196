//! Which e-mail domains are free mail or throw-away (spec 04, info capture). A modest list of the most used ones:
//! a site adds its own under blocked domains.

/// Whether anybody can get an address of this domain for nothing.
pub fn is_free(domain: &str) -> bool {
    covers(FREE, domain)
}

/// Whether addresses of this domain are made to be thrown away.
pub fn is_disposable(domain: &str) -> bool {
    covers(DISPOSABLE, domain)
}

/// True for a domain of the list and everything below one; both lists are sorted.
fn covers(list: &[&str], domain: &str) -> bool {
    let mut rest = domain;
    loop {
        if list.binary_search(&rest).is_ok() {
            return true;
        }
        match rest.split_once('.') {
            Some((_, parent)) => rest = parent,
            None => return false,
        }
    }
}

#[rustfmt::skip] // A line a word would be three hundred lines.
const FREE: &[&str] = &[
    "126.com", "139.com", "163.com", "abv.bg", "aim.com", "alice.it", "aol.com", "arcor.de", "att.net",
    "bbox.fr", "bellsouth.net", "bigpond.com", "bk.ru", "bluewin.ch", "bol.com.br", "btinternet.com",
    "centrum.cz", "charter.net", "comcast.net", "comhem.se", "cox.net", "daum.net", "docomo.ne.jp",
    "duck.com", "earthlink.net", "email.com", "ezweb.ne.jp", "fastmail.com", "fastmail.fm",
    "foxmail.com", "free.fr", "freenet.de", "globo.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.com",
    "gmx.de", "gmx.net", "googlemail.com", "hanmail.net", "hey.com", "hispeed.ch", "home.nl",
    "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr", "hotmail.it", "hotmail.nl",
    "hotmail.se", "hushmail.com", "i.ua", "icloud.com", "ig.com.br", "inbox.com", "inbox.ru",
    "interia.pl", "juno.com", "kpnmail.nl", "laposte.net", "libero.it", "list.ru", "live.co.uk",
    "live.com", "live.de", "live.fr", "live.it", "live.nl", "live.se", "mac.com", "mail.com", "mail.de",
    "mail.ru", "mailbox.org", "me.com", "meta.ua", "msn.com", "nate.com", "naver.com",
    "netvision.net.il", "neuf.fr", "nifty.com", "ntlworld.com", "o2.pl", "onet.pl", "online.no", "op.pl",
    "optonline.net", "optusnet.com.au", "orange.fr", "outlook.com", "outlook.de", "outlook.es",
    "outlook.fr", "outlook.it", "outlook.jp", "passport.com", "planet.nl", "pm.me", "posteo.de",
    "proton.me", "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com", "rocketmail.com",
    "rogers.com", "sbcglobal.net", "seznam.cz", "sfr.fr", "shaw.ca", "sina.cn", "sina.com", "sky.com",
    "skynet.be", "softbank.ne.jp", "sohu.com", "spray.se", "sympatico.ca", "t-online.de", "talktalk.net",
    "telenet.be", "telia.com", "terra.com.br", "tin.it", "tiscali.it", "tuta.com", "tuta.io",
    "tutanota.com", "ukr.net", "uol.com.br", "verizon.net", "virgilio.it", "virginmedia.com",
    "walla.co.il", "wanadoo.fr", "web.de", "windowslive.com", "wp.pl", "xs4all.nl", "ya.ru", "yahoo.ca",
    "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.com.ar", "yahoo.com.au",
    "yahoo.com.br", "yahoo.com.mx", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.in", "yahoo.it",
    "yandex.com", "yandex.ru", "yeah.net", "ymail.com", "ziggo.nl", "zoho.com", "zohomail.com",
];

#[rustfmt::skip] // As above.
const DISPOSABLE: &[&str] = &[
    "10minutemail.com", "10minutemail.net", "10minutemail.org", "20minutemail.com", "anonbox.net",
    "anonymbox.com", "armyspy.com", "burnermail.io", "byom.de", "cool.fr.nf", "cuvox.de", "dayrep.com",
    "discard.email", "discardmail.com", "discardmail.de", "dispostable.com", "dropmail.me", "e4ward.com",
    "easytrashmail.com", "einrot.com", "emailfake.com", "emailondeck.com", "emailsensei.com",
    "emltmp.com", "fakeinbox.com", "fakemail.net", "fakemailgenerator.com", "filzmail.com",
    "fleckens.hu", "getairmail.com", "getnada.com", "gishpuppy.com", "grr.la", "guerrillamail.biz",
    "guerrillamail.com", "guerrillamail.de", "guerrillamail.net", "guerrillamail.org",
    "guerrillamailblock.com", "gustr.com", "harakirimail.com", "inboxalias.com", "inboxbear.com",
    "inboxkitten.com", "incognitomail.org", "jetable.net", "jetable.org", "jourrapide.com",
    "kasmail.com", "klzlk.com", "luxusmail.org", "mail-temp.com", "mailcatch.com", "maildrop.cc",
    "mailforspam.com", "mailimate.com", "mailinator.com", "mailinator.net", "mailmoat.com",
    "mailnesia.com", "mailnull.com", "mailsac.com", "mailtemp.info", "mintemail.com",
    "minutemailbox.com", "moakt.com", "mohmal.com", "mytemp.email", "mytrashmail.com", "nada.email",
    "nospam.ze.tc", "nowmymail.com", "objectmail.com", "pokemail.net", "proxymail.eu", "rcpt.at",
    "receiveee.com", "rhyta.com", "rmqkr.net", "sharklasers.com", "sneakemail.com", "sogetthis.com",
    "spam4.me", "spambog.com", "spambox.us", "spamex.com", "spamfree24.org", "spamgourmet.com",
    "spamhole.com", "spaml.com", "superrito.com", "suremail.info", "teleworm.us", "temp-mail.io",
    "temp-mail.org", "tempail.com", "tempinbox.com", "tempmail.com", "tempmail.dev", "tempmail.net",
    "tempmailo.com", "temporary-mail.net", "throwam.com", "throwawaymail.com", "tmail.ws", "tmpeml.com",
    "tmpmail.net", "tmpmail.org", "trash-mail.com", "trashmail.com", "trashmail.de", "trashmail.net",
    "trashmail.org", "vomoto.com", "wegwerfemail.de", "wegwerfmail.de", "wegwerfmail.net", "yopmail.com",
    "yopmail.fr", "yopmail.net", "zetmail.com", "zippymail.info",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_providers_are_recognised_and_companies_are_not() {
        for (domain, free, disposable) in [
            ("gmail.com", true, false),
            ("yahoo.co.uk", true, false),
            ("web.de", true, false),
            ("mailinator.com", false, true),
            ("anything.mailinator.com", false, true),
            ("example.com", false, false),
            ("notgmail.com", false, false),
            ("com", false, false),
        ] {
            assert_eq!((is_free(domain), is_disposable(domain)), (free, disposable), "{domain}");
        }
    }

    #[test]
    fn the_lists_are_sorted_so_that_they_can_be_searched() {
        assert!(FREE.is_sorted() && DISPOSABLE.is_sorted());
    }
}
