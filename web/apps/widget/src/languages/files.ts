/** What is said around files in a chat, in all languages: fetched together with what shows them. */
const KEYS = ["attach", "refused", "unsent", "again", "remove", "save"] as const;

export type FileWords = Record<(typeof KEYS)[number], string>;

const SPOKEN: Record<string, readonly string[]> = {
  en: [
    "Send a file",
    "Only pictures and PDF files of up to 10 MB can be sent.",
    "The file could not be sent.",
    "Try again",
    "Remove",
    "Save {name}",
  ],
  fr: [
    "Envoyer un fichier",
    "Seules des images et des PDF de 10 Mo au plus peuvent être envoyés.",
    "Le fichier n’a pas pu être envoyé.",
    "Réessayer",
    "Retirer",
    "Enregistrer {name}",
  ],
  de: [
    "Datei senden",
    "Nur Bilder und PDF-Dateien bis 10 MB können gesendet werden.",
    "Die Datei konnte nicht gesendet werden.",
    "Noch einmal versuchen",
    "Entfernen",
    "{name} speichern",
  ],
  es: [
    "Enviar un archivo",
    "Solo se pueden enviar imágenes y PDF de hasta 10 MB.",
    "No se ha podido enviar el archivo.",
    "Intentarlo de nuevo",
    "Quitar",
    "Guardar {name}",
  ],
  it: [
    "Invia un file",
    "Si possono inviare solo immagini e PDF fino a 10 MB.",
    "Non è stato possibile inviare il file.",
    "Riprova",
    "Rimuovi",
    "Salva {name}",
  ],
  nl: [
    "Bestand verzenden",
    "Alleen afbeeldingen en pdf’s tot 10 MB kunnen worden verzonden.",
    "Het bestand kon niet worden verzonden.",
    "Opnieuw proberen",
    "Verwijderen",
    "{name} opslaan",
  ],
  sv: [
    "Skicka en fil",
    "Bara bilder och PDF-filer på högst 10 MB kan skickas.",
    "Filen kunde inte skickas.",
    "Försök igen",
    "Ta bort",
    "Spara {name}",
  ],
  "pt-BR": [
    "Enviar um arquivo",
    "Só é possível enviar imagens e PDFs de até 10 MB.",
    "Não foi possível enviar o arquivo.",
    "Tentar de novo",
    "Remover",
    "Salvar {name}",
  ],
  ja: [
    "ファイルを送信",
    "送信できるのは10 MBまでの画像とPDFのみです。",
    "ファイルを送信できませんでした。",
    "もう一度試す",
    "取り消す",
    "{name}を保存",
  ],
  ko: [
    "파일 보내기",
    "10MB 이하의 이미지와 PDF만 보낼 수 있습니다.",
    "파일을 보내지 못했습니다.",
    "다시 시도",
    "제거",
    "{name} 저장",
  ],
  "zh-Hans": [
    "发送文件",
    "只能发送不超过 10 MB 的图片和 PDF。",
    "文件未能发送。",
    "重试",
    "移除",
    "保存 {name}",
  ],
  "zh-Hant": [
    "傳送檔案",
    "只能傳送不超過 10 MB 的圖片和 PDF。",
    "檔案未能傳送。",
    "再試一次",
    "移除",
    "儲存 {name}",
  ],
};

/** The words of a language, in English when there are none. */
export const fileWords = (language: string): FileWords => {
  const said = SPOKEN[language] ?? (SPOKEN.en as readonly string[]);
  return Object.fromEntries(KEYS.map((key, at) => [key, said[at] ?? ""])) as FileWords;
};
