//! What both sides read when something happens to a chat, in the visitor's language.

use kernel::Locale;

/// An agent is there now.
pub(super) fn joined(locale: Locale, name: &str) -> String {
    match locale {
        Locale::En => format!("{name} joined the chat."),
        Locale::Fr => format!("{name} a rejoint la discussion."),
        Locale::De => format!("{name} ist jetzt im Chat."),
        Locale::Es => format!("{name} se ha unido al chat."),
        Locale::It => format!("{name} si è unito alla chat."),
        Locale::Nl => format!("{name} neemt nu deel aan de chat."),
        Locale::Sv => format!("{name} är nu med i chatten."),
        Locale::PtBr => format!("{name} entrou no chat."),
        Locale::Ja => format!("{name}がチャットに参加しました。"),
        Locale::Ko => format!("{name} 님이 채팅에 참여했습니다."),
        Locale::ZhHans => format!("{name} 已加入对话。"),
        Locale::ZhHant => format!("{name} 已加入對話。"),
    }
}

/// An agent is not there any more.
pub(super) fn left(locale: Locale, name: &str) -> String {
    match locale {
        Locale::En => format!("{name} left the chat."),
        Locale::Fr => format!("{name} a quitté la discussion."),
        Locale::De => format!("{name} hat den Chat verlassen."),
        Locale::Es => format!("{name} ha salido del chat."),
        Locale::It => format!("{name} ha lasciato la chat."),
        Locale::Nl => format!("{name} heeft de chat verlaten."),
        Locale::Sv => format!("{name} har lämnat chatten."),
        Locale::PtBr => format!("{name} saiu do chat."),
        Locale::Ja => format!("{name}がチャットから退出しました。"),
        Locale::Ko => format!("{name} 님이 채팅에서 나갔습니다."),
        Locale::ZhHans => format!("{name} 已离开对话。"),
        Locale::ZhHant => format!("{name} 已離開對話。"),
    }
}

/// Somebody ended the chat.
pub(super) const fn ended(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "The chat has ended.",
        Locale::Fr => "La discussion est terminée.",
        Locale::De => "Der Chat ist beendet.",
        Locale::Es => "El chat ha terminado.",
        Locale::It => "La chat è terminata.",
        Locale::Nl => "De chat is beëindigd.",
        Locale::Sv => "Chatten är avslutad.",
        Locale::PtBr => "O chat foi encerrado.",
        Locale::Ja => "チャットは終了しました。",
        Locale::Ko => "채팅이 종료되었습니다.",
        Locale::ZhHans => "对话已结束。",
        Locale::ZhHant => "對話已結束。",
    }
}

/// It was silent for too long.
pub(super) const fn timed_out(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "The chat has ended because nobody wrote for a while.",
        Locale::Fr => "La discussion est terminée, car personne n’a écrit depuis un moment.",
        Locale::De => "Der Chat ist beendet, weil eine Weile niemand geschrieben hat.",
        Locale::Es => "El chat ha terminado porque nadie ha escrito durante un tiempo.",
        Locale::It => "La chat è terminata perché nessuno ha scritto per un po’.",
        Locale::Nl => "De chat is beëindigd omdat een tijdje niemand heeft geschreven.",
        Locale::Sv => "Chatten är avslutad eftersom ingen har skrivit på ett tag.",
        Locale::PtBr => "O chat foi encerrado porque ninguém escreveu por algum tempo.",
        Locale::Ja => "しばらくメッセージがなかったため、チャットは終了しました。",
        Locale::Ko => "한동안 메시지가 없어 채팅이 종료되었습니다.",
        Locale::ZhHans => "由于一段时间无人发言,对话已结束。",
        Locale::ZhHant => "由於一段時間無人發言,對話已結束。",
    }
}

/// It is silent, and ends soon.
pub(super) const fn ends_soon(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Nobody has written for a while. The chat ends in a minute unless somebody writes.",
        Locale::Fr => {
            "Personne n’a écrit depuis un moment. La discussion se termine dans une minute si personne n’écrit."
        }
        Locale::De => {
            "Eine Weile hat niemand geschrieben. Der Chat endet in einer Minute, wenn niemand schreibt."
        }
        Locale::Es => "Nadie ha escrito desde hace un rato. El chat terminará en un minuto si nadie escribe.",
        Locale::It => "Nessuno scrive da un po’. La chat termina tra un minuto se nessuno scrive.",
        Locale::Nl => {
            "Een tijdje heeft niemand geschreven. De chat eindigt over een minuut als niemand schrijft."
        }
        Locale::Sv => "Ingen har skrivit på ett tag. Chatten avslutas om en minut om ingen skriver.",
        Locale::PtBr => {
            "Ninguém escreve há algum tempo. O chat será encerrado em um minuto se ninguém escrever."
        }
        Locale::Ja => "しばらくメッセージがありません。このままですと1分後にチャットを終了します。",
        Locale::Ko => "한동안 메시지가 없습니다. 아무도 쓰지 않으면 1분 후 채팅이 종료됩니다.",
        Locale::ZhHans => "已有一段时间无人发言。若无人发言,对话将在一分钟后结束。",
        Locale::ZhHant => "已有一段時間無人發言。若無人發言,對話將在一分鐘後結束。",
    }
}
