/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words that names and addresses are made of, a row a language, and how a language puts them
 * together. Names that are hard for clients stand in a list of their own.
 */
#include "names.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define GIVEN_COUNT 8
#define FAMILY_COUNT 9 /* no divisor in common with GIVEN_COUNT, so that all pairs come */
#define TRADE_COUNT 5
#define PLACE_COUNT 3

struct place {
	const char *city, *region, *code;
};

struct words {
	const char *given[GIVEN_COUNT];
	const char *family[FAMILY_COUNT];
	const char *trade[TRADE_COUNT];	 /* "%s" is where the family's name goes */
	const char *street[PLACE_COUNT]; /* "%d" is where the house's number goes */
	struct place places[PLACE_COUNT];
	const char *country;
	const char *join; /* between given and family name */
	bool family_first;
};

static const struct words words[LANGUAGE_COUNT] = {
	[LANGUAGE_EN] = { .given = { "Maeve", "Harold", "Tamsin", "Curtis", "Odile", "Benedict",
				     "Wren", "Alistair" },
			  .family = { "Fairweather", "O'Donoghue", "Lockhart", "St. John",
				      "Pemberton", "Okafor-Reyes", "Quill", "McAllister",
				      "Featherstonehaugh" },
			  .trade = { "%s Bakery", "%s & Co.", "%s Hardware, Inc.",
				     "%s Family Dental", "The %s Group LLC" },
			  .street = { "%d Orchard Lane", "%d N. Quarry Rd., Suite #4",
				      "%d Old Mill St" },
			  .places = { { "Port Alder", "WA", "98399" },
				      { "Juniper Falls", "OR", "97099" },
				      { "Cold Spring", "ID", "83699" } },
			  .country = "USA",
			  .join = " " },
	[LANGUAGE_DE] = { .given = { "Jörg", "Käthe", "Matthias", "Annegret", "Götz", "Friederike",
				     "Björn", "Ursula" },
			  .family = { "Müller-Lüdenscheidt", "Großkreutz", "Schäfer", "Weiß",
				      "Öztürk", "Kühnapfel", "Jäger", "Brömmelkamp", "Vogelsang" },
			  .trade = { "%s GmbH & Co. KG", "Bäckerei %s", "%s Straßenbau AG",
				     "Gasthof „%s“", "%s e.K." },
			  .street = { "Königstraße %d", "Am Mühlbach %d a",
				      "Große Gröpergasse %d" },
			  .places = { { "Köln", "", "50667" },
				      { "Würzburg", "Bayern", "97070" },
				      { "Görlitz", "", "02826" } },
			  .country = "Deutschland",
			  .join = " " },
	[LANGUAGE_FR] = { .given = { "Hélène", "François", "Zoé", "Gaël", "Maëlys", "Loïc",
				     "Aurélie", "Benoît" },
			  .family = { "Lefèvre", "d'Aubigné", "Garçon", "Le Tœuff", "Château",
				      "Noël", "Saint-Exupère", "Périgord", "Bœuf" },
			  .trade = { "Pâtisserie %s", "%s & Fils SARL", "Crêperie chez %s",
				     "Société %s", "L'Épicerie %s" },
			  .street = { "%d, rue de l'Église", "%d bis, allée des Chênes",
				      "%d, quai d'Orléans" },
			  .places = { { "Besançon", "", "25000" },
				      { "Nîmes", "", "30000" },
				      { "Orléans", "", "45000" } },
			  .country = "France",
			  .join = " " },
	[LANGUAGE_ES] = { .given = { "Íñigo", "Begoña", "Andrés", "Ximena", "José Ángel", "Núria",
				     "Óscar", "Inés" },
			  .family = { "Muñoz Peña", "Ibáñez", "García-Güell", "Núñez", "Cañizares",
				      "Rodríguez", "Avilés", "Zubizarreta", "Peón" },
			  .trade = { "%s Hnos., S.L.", "Panadería %s", "Muebles %s", "Café «%s»",
				     "%s y Asociados" },
			  .street = { "Calle Peñón, %d, 2.º B", "Avda. de la Constitución %d",
				      "Camiño da Ría, %d" },
			  .places = { { "A Coruña", "", "15001" },
				      { "Cádiz", "", "11001" },
				      { "Logroño", "", "26001" } },
			  .country = "España",
			  .join = " " },
	[LANGUAGE_PL] = { .given = { "Łukasz", "Bożena", "Świętopełk", "Małgorzata", "Grażyna",
				     "Mścisław", "Żaneta", "Józef" },
			  .family = { "Wiśniewski", "Żółtowska", "Brzęczyszczykiewicz", "Ślązak",
				      "Dąbrowski", "Ćwikła", "Gęś", "Kołodziej", "Źrebiec" },
			  .trade = { "Piekarnia %s", "%s sp. z o.o.", "Zakład Ślusarski %s",
				     "%s i Wspólnicy", "Hurtownia %s" },
			  .street = { "ul. Świętokrzyska %d", "al. Róż %d m. 3", "ul. Łąkowa %d" },
			  .places = { { "Łódź", "", "90-001" },
				      { "Kraków", "", "30-001" },
				      { "Świnoujście", "", "72-600" } },
			  .country = "Polska",
			  .join = " " },
	[LANGUAGE_NO] = { .given = { "Åse", "Bjørn", "Sølvi", "Håkon", "Øystein", "Gøril", "Pål",
				     "Jorunn" },
			  .family = { "Ødegård", "Bråten", "Hårstad", "Sørbø", "Lærdal", "Ås",
				      "Tjønn", "Kjølstad", "Fjære" },
			  .trade = { "%s Rør AS", "%s Sjømat", "Bakeriet %s", "%s & Sønner ANS",
				     "%s Båtbyggeri" },
			  .street = { "Østre gate %d", "Åsveien %d B", "Sjøgata %d" },
			  .places = { { "Tromsø", "", "9008" },
				      { "Ålesund", "", "6002" },
				      { "Bodø", "", "8006" } },
			  .country = "Norge",
			  .join = " " },
	[LANGUAGE_TR] = { .given = { "Işıl", "İbrahim", "Çağla", "Oğuz", "Şule", "Ümit", "Ayşegül",
				     "Gökçe" },
			  .family = { "Yılmazoğlu", "Çelik", "Kırımlı", "Şimşek", "Öztoprak",
				      "Değirmenci", "Güneş", "Ilgaz", "Işık" },
			  .trade = { "%s Ltd. Şti.", "%s Gıda A.Ş.", "%s Fırını", "%s İnşaat",
				     "%s ve Oğulları" },
			  .street = { "Çınar Sk. No: %d", "İstiklal Cd. %d/4", "Güneş Mah. %d" },
			  .places = { { "İzmir", "", "35210" },
				      { "Eskişehir", "", "26010" },
				      { "Muğla", "", "48000" } },
			  .country = "Türkiye",
			  .join = " " },
	[LANGUAGE_VI] = { .given = { "Thị Hồng", "Văn Đức", "Quỳnh", "Hữu Nghĩa", "Thảo", "Trường",
				     "Ngọc Ánh", "Bảo" },
			  .family = { "Nguyễn", "Trần", "Phạm", "Đặng", "Vũ", "Hoàng", "Bùi", "Lê",
				      "Đỗ" },
			  .trade = { "Công ty TNHH %s", "Phở %s", "Tiệm vàng %s", "%s & Anh Em",
				     "Nhà sách %s" },
			  .street = { "%d đường Trần Hưng Đạo", "%d/7 ngõ Chợ Gạo",
				      "%d phố Hàng Bạc" },
			  .places = { { "Đà Nẵng", "", "550000" },
				      { "Huế", "", "530000" },
				      { "Cần Thơ", "", "900000" } },
			  .country = "Việt Nam",
			  .join = " ",
			  .family_first = true },
	[LANGUAGE_EL] = { .given = { "Ελένη", "Γιώργος", "Δέσποινα", "Νίκος", "Άννα", "Θανάσης",
				     "Χρυσή", "Στέλιος" },
			  .family = { "Παπαδοπούλου", "Οικονόμου", "Καλογερόπουλος", "Ξένος",
				      "Ψαράς", "Βλάχος", "Μακρής", "Αγγέλου", "Ζαχαρίου" },
			  .trade = { "%s Α.Ε.", "Φούρνος %s", "Αφοί %s Ο.Ε.", "Εστιατόριο %s",
				     "%s & ΣΙΑ" },
			  .street = { "Οδός Ερμού %d", "Λεωφόρος Νίκης %d", "Αγίου Γεωργίου %d" },
			  .places = { { "Θεσσαλονίκη", "", "546 24" },
				      { "Πάτρα", "", "262 21" },
				      { "Χανιά", "", "731 32" } },
			  .country = "Ελλάδα",
			  .join = " " },
	[LANGUAGE_RU] = { .given = { "Юлия", "Артём", "Щукарь", "Екатерина", "Фёдор", "Жанна",
				     "Ярослав", "Любовь" },
			  .family = { "Журавлёв", "Щербакова", "Соловьёв", "Ёлкина", "Цыганков",
				      "Подъячев", "Ыгыатта", "Хлебников", "Эйхе" },
			  .trade = { "ООО «%s»", "Пекарня %s", "ИП %s", "Завод им. %s",
				     "%s и партнёры" },
			  .street = { "ул. Лесная, д. %d", "пр-т Мира, %d, кв. 5",
				      "наб. реки Мойки, %d" },
			  .places = { { "Нижний Новгород", "", "603000" },
				      { "Псков", "", "180000" },
				      { "Йошкар-Ола", "", "424000" } },
			  .country = "Россия",
			  .join = " " },
	[LANGUAGE_ZH] = { .given = { "雨桐", "子轩", "淑芬", "国强", "思源", "雅琪", "俊杰",
				     "明月" },
			  .family = { "欧阳", "李", "慕容", "陈", "诸葛", "赵", "司徒", "林",
				      "吴" },
			  .trade = { "%s贸易有限公司", "%s饭店", "%s(上海)科技公司", "%s记茶庄",
				     "%s书屋" },
			  .street = { "解放路%d号", "人民大道%d号3楼", "梧桐街%d弄" },
			  .places = { { "杭州市", "浙江省", "310000" },
				      { "成都市", "四川省", "610000" },
				      { "厦门市", "福建省", "361000" } },
			  .country = "中国",
			  .join = "",
			  .family_first = true },
	[LANGUAGE_JA] = { .given = { "さくら", "健太郎", "美咲", "ヒロシ", "結衣", "大輔", "かおり",
				     "翔" },
			  .family = { "渡邉", "斎藤", "髙橋", "小鳥遊", "長谷川", "勅使河原", "森",
				      "東海林", "辻󠄀" },
			  .trade = { "株式会社%s", "%s商店", "喫茶%s", "%sパン工房",
				     "(有)%s製作所" },
			  .street = { "本町%d丁目", "桜が丘%d-2-1", "銀杏通り%d番地" },
			  .places = { { "札幌市", "北海道", "060-0001" },
				      { "鎌倉市", "神奈川県", "248-0006" },
				      { "那覇市", "沖縄県", "900-0001" } },
			  .country = "日本",
			  .join = " ",
			  .family_first = true },
	[LANGUAGE_KO] = { .given = { "서연", "민준", "지우", "하늘", "도윤", "수아", "예준",
				     "은서" },
			  .family = { "김", "남궁", "박", "황보", "최", "제갈", "정", "선우",
				      "강" },
			  .trade = { "%s 주식회사", "%s네 분식", "(주)%s산업", "%s 서점",
				     "카페 %s" },
			  .street = { "한강로 %d길", "벚꽃대로 %d", "느티나무길 %d-3" },
			  .places = { { "부산광역시", "", "48058" },
				      { "전주시", "전라북도", "54999" },
				      { "제주시", "", "63100" } },
			  .country = "대한민국",
			  .join = " ",
			  .family_first = true },
	[LANGUAGE_AR] = { .given = { "ليلى", "عبد الرحمن", "فاطمة", "يوسف", "زينب", "خالد", "مريم",
				     "عمر" },
			  .family = { "الحداد", "النجار", "الخطيب", "بن سعيد", "القاضي", "الأندلسي",
				      "المصري", "حمدان", "الزين" },
			  .trade = { "شركة %s للتجارة", "مخبز %s", "مؤسسة %s", "مطعم %s",
				     "%s وأولاده" },
			  .street = { "شارع النيل %d", "طريق الملك %d", "حي الزهور %d" },
			  .places = { { "القاهرة", "", "11511" },
				      { "عمّان", "", "11118" },
				      { "دبي", "", "00000" } },
			  .country = "مصر",
			  .join = " " },
	[LANGUAGE_HE] = { .given = { "נועה", "אבנר", "תמר", "יהונתן", "שירה", "אליעזר", "מיכל",
				     "ברוך" },
			  .family = { "בן־דוד", "כהן", "אלמוג", "גולדברג", "צור", "מזרחי", "פלג",
				      "שרעבי", "הלוי" },
			  .trade = { "%s בע״מ", "מאפיית %s", "אחים %s", "קפה %s", "%s ושות׳" },
			  .street = { "רחוב הרצל %d", "שדרות הדקל %d", "סמטת הגפן %d" },
			  .places = { { "חיפה", "", "3100000" },
				      { "באר שבע", "", "8400000" },
				      { "עכו", "", "2400000" } },
			  .country = "ישראל",
			  .join = " " },
	[LANGUAGE_TH] = { .given = { "สมชาย", "กัญญา", "ปรีชา", "น้ำฝน", "วิชัย", "พิมพ์ใจ", "ณัฐ", "อรุณี" },
			  .family = { "ศรีสุข", "ทองดี", "แสงจันทร์", "บุญมา", "รักษ์ไทย", "วงศ์ใหญ่", "ใจดี",
				      "พูลผล", "เจริญ" },
			  .trade = { "บริษัท %s จำกัด", "ร้าน%s", "ครัว%s", "หจก. %s", "%sการช่าง" },
			  .street = { "%d ถนนสุขุมวิท", "%d/9 ซอยมะลิ", "%d หมู่บ้านสวนส้ม" },
			  .places = { { "เชียงใหม่", "", "50000" },
				      { "ภูเก็ต", "", "83000" },
				      { "ขอนแก่น", "", "40000" } },
			  .country = "ประเทศไทย",
			  .join = " " },
	[LANGUAGE_HI] = { .given = { "प्रिया", "अर्जुन", "कृष्णा", "श्रद्धा", "विक्रम", "ऋषि", "लक्ष्मी",
				     "ज्योति" },
			  .family = { "शर्मा", "त्रिपाठी", "ठाकुर", "श्रीवास्तव", "मिश्र", "जोशी", "पटेल",
				      "क्षत्रिय", "दत्त" },
			  .trade = { "%s ट्रेडर्स", "%s मिष्ठान्न भंडार", "मेसर्स %s", "%s एण्ड सन्स",
				     "%s वस्त्रालय" },
			  .street = { "%d, महात्मा मार्ग", "%d, गुलमोहर कॉलोनी", "%d, स्टेशन रोड" },
			  .places = { { "जयपुर", "राजस्थान", "302001" },
				      { "वाराणसी", "उत्तर प्रदेश", "221001" },
				      { "पुणे", "महाराष्ट्र", "411001" } },
			  .country = "भारत",
			  .join = " " },
};

static const char *const hard_names[] = {
	"O'Hara's \"Little\" Shop",
	"A/C & Heating / Plumbing (24/7)",
	"50% Off Everything %s %d %n",
	"Back\\slash Books",
	"Ame\xcc\x81lie & Rene\xcc\x81", /* written with combining accents ... */
	"Amélie & René",		 /* ... and without */
	"<b>Bold</b> & Sons; DROP TABLE",
	"Semi;colon, Comma | Pipe",
	"don''t worry, it''s fine",
	"null",
	"NaN",
	"=SUM(A1;A9)",
	"🌻 Sunflower Nursery 🐝",
	"שלום Trading & السلام",
	"#1 Cleaners",
	"Trailing Dot.",
	"ﬁne ﬂour Mill",
	"ΣΊΣΥΦΟΣ Lifting",
	"Weiss Straße",
	"Upper Valley Cooperative for Seeds, Feed, Tools and Household Goods, Warehouse Branch "
	"North 1",
	"Upper Valley Cooperative for Seeds, Feed, Tools and Household Goods, Warehouse Branch "
	"North 2",
	"Upper Valley Cooperative for Seeds, Feed, Tools and Household Goods, Warehouse Branch "
	"South 1",
	"x",
	"007",
	"-",
};

/* Put `value` where `format` has "%s" or "%d". */
static void add_filled(struct str *out, const char *format, const char *value)
{
	const char *hole = strchr(format, '%');

	if (!hole) {
		str_add(out, format);
		return;
	}
	str_add_bytes(out, format, (size_t)(hole - format));
	str_add(out, value);
	str_add(out, hole + 2);
}

void names_person(struct names *names, enum language language, struct person *ret_person)
{
	const struct words *row = &words[language];
	uint32_t i = names->persons[language]++;
	const char *given = row->given[i % GIVEN_COUNT], *family = row->family[i % FAMILY_COUNT];
	uint32_t round = i / (GIVEN_COUNT * FAMILY_COUNT);

	person_clear(ret_person);
	str_add(&ret_person->given, given);
	str_add(&ret_person->family, family);
	if (round > 0)
		str_addf(&ret_person->family, " %u", (unsigned)round + 1);
	str_add(&ret_person->full, row->family_first ? ret_person->family.text : given);
	str_add(&ret_person->full, row->join);
	str_add(&ret_person->full, row->family_first ? given : ret_person->family.text);
}

void names_business(struct names *names, enum language language, struct str *out)
{
	const struct words *row = &words[language];
	uint32_t i = names->businesses[language]++;
	uint32_t round = i / (TRADE_COUNT * FAMILY_COUNT);

	str_reset(out);
	add_filled(out, row->trade[i % TRADE_COUNT], row->family[i % FAMILY_COUNT]);
	if (round > 0)
		str_addf(out, " %u", (unsigned)round + 1);
}

const char *names_hard(struct names *names)
{
	return names->hard < ARRAY_LEN(hard_names) ? hard_names[names->hard++] : NULL;
}

void person_clear(struct person *person)
{
	str_clear(&person->given);
	str_clear(&person->family);
	str_clear(&person->full);
}

void names_numbered(uint64_t i, struct str *out)
{
	const struct words *row = &words[i % LANGUAGE_COUNT];

	str_reset(out);
	add_filled(out, row->trade[i / LANGUAGE_COUNT % TRADE_COUNT],
		   row->family[i % FAMILY_COUNT]);
	str_addf(out, " %07llu", (unsigned long long)i + 1000);
}

static void add_member(struct str *out, const char *name, const char *value)
{
	if (!*value)
		return;
	str_addf(out, ",\"%s\":", name);
	str_add_json(out, value, strlen(value));
}

void names_address(enum language language, uint64_t i, bool country, struct str *out)
{
	const struct words *row = &words[language];
	const struct place *place = &row->places[i % PLACE_COUNT];
	AUTO(str_clear) struct str line = STR_INIT(500);
	char number[24];

	snprintf(number, sizeof(number), "%llu", (unsigned long long)(i * 7 % 389 + 1));
	add_filled(&line, row->street[i / PLACE_COUNT % PLACE_COUNT], number);
	str_add(out, "{\"Line1\":");
	str_add_json(out, line.text, line.len);
	add_member(out, "City", place->city);
	if (country)
		add_member(out, "Country", row->country);
	add_member(out, "CountrySubDivisionCode", place->region);
	add_member(out, "PostalCode", place->code);
	str_add_char(out, '}');
}

/* Bytes of the character that begins with this byte. */
static size_t character_len(unsigned char byte)
{
	return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

void names_prose(int characters, struct str *out)
{
	static const char text[] =
		"Delivered to the back gate, as agreed by telephone; please ring twice. "
		"Größe und Gewicht wie besprochen – ça coûte 12,50 €. Доставка в пятницу. "
		"商品は木箱に入っています。 شكراً جزيلاً לקוח קבוע ขอบคุณ धन्यवाद 감사합니다. ";
	const char *at = text;

	for (int i = 0; i < characters; i++) {
		size_t len;

		if (!*at)
			at = text;
		len = character_len((unsigned char)*at);
		/* It must not end in a blank: the service may cut those off. */
		if (i + 1 == characters && *at == ' ')
			str_add_char(out, '.');
		else
			str_add_bytes(out, at, len);
		at += len;
	}
}
