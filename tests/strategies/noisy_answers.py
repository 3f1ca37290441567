"""Long answers as servers write them, item by item alike, with whatever can be odd about one item or about all."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

NAMESPACE = "http://www.superoffice.net/ws/crm/NetServer/Services86"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

LENGTH = 260
"""So many items make an answer long enough to be read by its spelling."""

# -- XML ---------------------------------------------------------------------------------------------------------------

_MEMBERS = [
    '<{p}TableRight i:nil="true"/><{p}FieldProperties i:nil="true"/><{p}Tablename>{t}</{p}Tablename>'
    "<{p}RecordId>{n}</{p}RecordId>",
    "<{p}Tablename>{t}</{p}Tablename><{p}RecordId>{n}</{p}RecordId>",
    "<{p}RecordId>{n}</{p}RecordId><{p}Tablename>{t}</{p}Tablename><{p}TableRight i:nil='1'></{p}TableRight>",
    "\n  <{p}RecordId>{n}</{p}RecordId>\n  <{p}Tablename >{t}</{p}Tablename >\n  <{p}New>{t}</{p}New>\n",
    "<{p}RecordId i:type='x:int'>{n}</{p}RecordId><{p}Tablename>{t}</{p}Tablename>",
    "<{p}RecordId>{n}</{p}RecordId>",
    "<{p}Tablename>{t}</{p}Tablename><{p}FieldProperties/><{p}RecordId>{n}</{p}RecordId>",
    "<{p}TableRight/><{p}Tablename>{t}</{p}Tablename><{p}RecordId>{n}</{p}RecordId>",
    "<{p}TableRight> </{p}TableRight><{p}Tablename xml:space='preserve'>{t}</{p}Tablename>",
    "<{p}TableRight><{p}Mask>Select</{p}Mask></{p}TableRight><{p}RecordId>{n}</{p}RecordId>",
    "<{p}TableRight><{p}Mask>Select Update</{p}Mask><{p}Reason>{t}</{p}Reason></{p}TableRight><{p}FieldProperties>"
    "<{p}FieldPropertyDictionaryKeyValuePair><{p}Key>{n}</{p}Key><{p}Value><{p}FieldType>{t}</{p}FieldType>"
    "<{p}FieldLength>{n}</{p}FieldLength></{p}Value></{p}FieldPropertyDictionaryKeyValuePair>"
    "<{p}FieldPropertyDictionaryKeyValuePair><{p}Value i:nil='true'/><{p}Key>{t}</{p}Key>"
    "</{p}FieldPropertyDictionaryKeyValuePair></{p}FieldProperties><{p}RecordId>{n}</{p}RecordId>",
    "<{p}New><{p}Newer>{t}</{p}Newer><a xmlns='urn:x'>{n}</a></{p}New><{p}RecordId>{n}</{p}RecordId>",
    "<{p}RecordId i:nil='false' odd='&lt;'>{n}</{p}RecordId><{p}Tablename><![CDATA[{t}]]></{p}Tablename>",
]
_WRONG_MEMBERS = [
    "<{p}RecordId>{n}</{p}RecordId><{p}RecordId>{n}</{p}RecordId>",
    "<{p}RecordId i:type='x:string'>{n}</{p}RecordId>",
    "<{p}RecordId xmlns='urn:x' xmlns:n='urn:x'>{n}</{p}RecordId>",
    "<{p}RecordId>{n}x</{p}RecordId>",
    "<{p}New>{t}<{p}Newer>{t}</{p}Newer></{p}New>x",
    "<{p}RecordId><{p}RecordId>{n}</{p}RecordId></{p}RecordId>",
    "<{p}TableRight><{p}Mask>Select, {t}</{p}Mask></{p}TableRight>",
    "<{p}Tablename>{t}</{p}Tablename>x",
    "<{p}RecordId>{n}</{p}RecordId",
]

TEXTS = [
    "contact", "", " ", "a b", "person", "æøå", "x-y_z", "\U0001f9fe", "\u0085", "a]]", "--", "=\"'/", "&amp;", "&#65;",
    "\n", "\t", "\r\n", "0", "true",
]  # fmt: skip
_WRONG_TEXTS = ["\x01", "]]>", "\ufffe", "&x;", "<b/>", ">", "<!-- c -->", "<![CDATA[x]]>", "<?p?>"]
NUMBERS = ["7", " 7 ", "+5", "-5", "007", "-0", "2147483647", "-2147483648", "000000001"]
_WRONG_NUMBERS = ["", " ", "1_0", "2147483648", "99999999999", "٣", "1.0", "1e3", "0x1", "- 5", "5<b/>", "\uff11"]

_SINGLE = [
    "<!-- x -->{item}",
    "{item}\r\n\t",
    '<{p}ChangedDataItem i:nil="true"/>',
    "<o:Extra xmlns:o='urn:o'>{item}</o:Extra>{item}",
    "<{p}ChangedDataItem i:type='{p}ChangedDataItem'>{members}</{p}ChangedDataItem>",
    "<{p}ChangedDataItem xmlns:q='urn:q'>{members}</{p}ChangedDataItem>",
    "<{p}ChangedDataItem><!-- c -->{members}</{p}ChangedDataItem>",
    "<{p}ChangedDataItem>{members}<Extra xmlns=''><a/>x</Extra></{p}ChangedDataItem>",
    "<{p}ChangedDataItem/>",
    "<{p}New>{item}</{p}New>",
]
_WRONG_SINGLE = [
    "{item}x",
    "x{item}",
    "<![CDATA[ ]]>{item}<![CDATA[x]]>",
    "<{p}ChangedDataItem>x{members}</{p}ChangedDataItem>",
    "<{p}ChangedDataItem xmlns='urn:q' xmlns:n='urn:q'>{members}</{p}ChangedDataItem>",
    "<ChangedDataItem xmlns=''>{members}</ChangedDataItem>",
    "<{p}ChangedDataItem i:type='{p}Other'>{members}</{p}ChangedDataItem>",
    "<?x y?>{item}",
    "<{p}ChangedDataItem>{members}",
]

_AROUND = [
    "<!--{items}-->",
    "<o:Extra xmlns:o='urn:o'>{items}</o:Extra>",
    "<o:Extra xmlns:o='urn:o'><{p}UpdatedRecords>{items}</{p}UpdatedRecords></o:Extra>",
]
_WRONG_AROUND = [
    "<![CDATA[{items}]]>",
    "<?x {items}?>",
    "<{p}ChangedDataItem>{items}</{p}ChangedDataItem>",
    "<{p}ChangedDataItem a='{items}'/>",
    '<{p}ChangedDataItem i:nil="true">{items}</{p}ChangedDataItem>',
]

_PLACES = [
    "<{p}UpdatedRecords>{items}</{p}UpdatedRecords>",
    "<{p}AddedRecords>{items}</{p}AddedRecords><{p}UpdatedRecords>{items}</{p}UpdatedRecords>",
    "<{p}AddedRecords i:nil='true'/><{p}Gone>{items}</{p}Gone>",
    "<{p}AddedRecords>\n{items}\n</{p}AddedRecords>",
    "<{p}AddedRecords/><!--{items}--><{p}UpdatedRecords>{items}</{p}UpdatedRecords>",
]
_WRONG_PLACES = [
    "{items}",
    "<{p}UpdatedRecords i:nil='true'>{items}</{p}UpdatedRecords>",
    "<{p}UpdatedRecords>x{items}</{p}UpdatedRecords>",
    "<{p}UpdatedRecords xmlns='urn:q' xmlns:n='urn:q'>{items}</{p}UpdatedRecords>",
    "<{p}UpdatedRecords>{items}</{p}UpdatedRecords><{p}UpdatedRecords>{items}</{p}UpdatedRecords>",
    "<{p}UpdatedRecords>{items}</{p}UpdatedRecords>x",
    "<{p}FieldProperties>{items}</{p}FieldProperties>",
    "<{p}TableRight>{items}</{p}TableRight>",
]


def _pick(random: Random, good: list[str], wrong: list[str], odds: float) -> str:
    return random.choice(wrong if random.random() < odds else good)


def _xml(random: Random) -> bytes:
    odds = random.choice([0.0, 0.0, 0.2, 1.0])  # half of the answers have nothing in them that is refused
    p = random.choice(["", "n:"])
    forms = [_pick(random, _MEMBERS, _WRONG_MEMBERS, odds / 4) for _ in range(random.choice([1, 1, 2, 3, 5]))]
    usual = forms[0]
    between = random.choice(["", "", "\n", "\r\n  "])
    text = random.choice(["contact", "contact", _pick(random, TEXTS, _WRONG_TEXTS, odds / 2)])

    def members(form: str, t: str = text, n: str | None = None) -> str:
        return form.format(p=p, t=t, n=random.randrange(10**6) if n is None else n)

    def item(inside: str) -> str:
        return f"<{p}ChangedDataItem>{inside}</{p}ChangedDataItem>"

    items = [item(members(forms[number % len(forms)])) for number in range(LENGTH)]
    for _ in range(random.choice([0, 1, 1, 2, 5])):
        place = random.randrange(len(items))
        match random.randrange(5):
            case 0:
                items[place] = item(members(usual, t=_pick(random, TEXTS, _WRONG_TEXTS, odds)))
            case 1:
                items[place] = item(members(usual, n=_pick(random, NUMBERS, _WRONG_NUMBERS, odds)))
            case 2:
                items[place] = item(members(_pick(random, _MEMBERS, _WRONG_MEMBERS, odds)))
            case 3:
                form = _pick(random, _SINGLE, _WRONG_SINGLE, odds)
                items[place] = form.format(p=p, item=items[place], members=members(usual))
            case 4:
                last = place + random.choice([2, 20, 200])
                form = _pick(random, _AROUND, _WRONG_AROUND, odds)
                items[place:last] = [form.format(p=p, items=between.join(items[place:last]))]
    changes = _pick(random, _PLACES, _WRONG_PLACES, odds / 2).format(p=p, items=between.join(items))
    explanation = random.choice(["", f"<![CDATA[{changes}]]>"] if "]]>" not in changes else [""])
    header = random.choice(["", "", "<n:Succeeded>true</n:Succeeded>", f"<o:Old xmlns:o='urn:o'>{changes}</o:Old>"])
    message = (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns="{NAMESPACE}" xmlns:n="{NAMESPACE}" xmlns:i="{XSI}" '
        f'xmlns:x="http://www.w3.org/2001/XMLSchema"><s:Header>{header}</s:Header><s:Body><n:ForceSyncAllResponse>'
        f"<n:Response><n:IsOk>true</n:IsOk><n:UserExplanation>{explanation}</n:UserExplanation>"
        f"<n:Changes>{changes}</n:Changes></n:Response></n:ForceSyncAllResponse></s:Body></s:Envelope>"
    )
    return _encoded(message, random)


def _encoded(message: str, random: Random) -> bytes:
    match random.randrange(12):
        case 0:
            return message.encode("utf-8-sig")
        case 1:
            return f"<?xml version='1.0' encoding='utf-16'?>{message}".encode("utf-16")
        case 2:
            return f"<?xml version='1.0' encoding='iso-8859-1'?>{message}".encode("iso-8859-1", "xmlcharrefreplace")
        case 3:
            return message.encode("iso-8859-1", "replace")
        case 4:
            return f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>{message}".encode()
        case 5:
            return f"<!-- {SOAP} -->{message}\n".encode()
        case 6:
            return message[: -random.randrange(1, 30)].encode()
    return message.encode()


# -- JSON --------------------------------------------------------------------------------------------------------------

_JSON_ITEMS = [
    '{"TableRight":null,"FieldProperties":null,"Tablename":"%s","RecordId":%s}',
    '{ "Tablename": "%s", "RecordId": %s }',
    '{\n "RecordId": %.0s%s\n}',
    '{"Tablename":"%s","RecordId":%s,"New":"x","Newer":1,"Newest":true}',
    '{"FieldProperties":{},"Tablename":"%s","RecordId":%s}',
    '{"TableRight":{"Mask":"Select"},"Tablename":"%s","RecordId":%s}',
    '{"Tablename":"%s","RecordId":%s,"New":[1,{"x":[]}]}',
    '{"TableRight":{"Mask":"Select, Update","Reason":"%s"},"FieldProperties":{"a":{"FieldLength":%s},"b":null}}',
    '{"New":{"Newer":{"Newest":"%s"},"x":{}},"RecordId":%s,"FieldProperties":{"":{"FieldRight":{"Mask":"None"}}}}',
    '{"tablename":"%s","Recordid":%s}',
    '{"Tablename":"%s"%.0s}',
    "{%.0s%.0s}",
    "null%.0s%.0s",
]
_WRONG_JSON_ITEMS = [
    '{"RecordId":1,"Tablename":"%s","RecordId":%s}',
    '{"Tablename":"%s","RecordId":"%s"}',
    '{"Tablename":%.0s%s}',
    '{"Tablename":"%s","RecordId":%s,}',
    '{"New":[{"a":1,"a":1}],"Tablename":"%s","RecordId":%s}',
    '["%s",%s]',
    "7%.0s%.0s",
    '"{\\"%s\\":%s}"',
]
_JSON_TEXTS = [
    "contact", "", " ", "æøå", "\U0001f9fe", "\\n", "\\u0041", "\\\\", "a:b", "{[,]}", "</x>", "\x7f", "\\ud83e\\uddfe",
]  # fmt: skip
_WRONG_JSON_TEXTS = ["\\u0001", "\\uffff", "\ufffe", "\\ud800", "\n", "\\x", '"', "\\"]
_JSON_NUMBERS = ["7", "0", "-5", "-0", "2147483647", "-2147483648", "999999999", "null"]
_WRONG_JSON_NUMBERS = ["1.0", "1e3", "007", "2147483648", "99999999999", "NaN", "-", "", "true", "+1", "[]", "{}"]
_JSON_PLACES = [
    '{"UpdatedRecords":[%s]}',
    '{"AddedRecords":null,"UpdatedRecords":[\n%s\n],"DeletedRecords":[%s]}',
    '{"Gone":[%s],"UpdatedRecords":[]}',
    '{"Gone":{"UpdatedRecords":[%s]},"UpdatedRecords":[%s]}',
]
_WRONG_JSON_PLACES = ['{"TableRight":[%s]}', "[%s]", '{"UpdatedRecords":{%s}}', '{"UpdatedRecords":[%s],}', "{%s}"]


def _json(random: Random) -> bytes:
    odds = random.choice([0.0, 0.0, 0.2, 1.0])
    forms = [_pick(random, _JSON_ITEMS, _WRONG_JSON_ITEMS, odds / 4) for _ in range(random.choice([1, 1, 2, 3, 5]))]
    usual = forms[0]
    between = random.choice([",", ", ", " ,\n  "])
    text = random.choice(["contact", "contact", _pick(random, _JSON_TEXTS, _WRONG_JSON_TEXTS, odds / 2)])
    items = [forms[number % len(forms)] % (text, random.randrange(10**6)) for number in range(2 * LENGTH)]
    for _ in range(random.choice([0, 1, 1, 2, 5])):
        place = random.randrange(len(items))
        match random.randrange(3):
            case 0:
                items[place] = usual % (_pick(random, _JSON_TEXTS, _WRONG_JSON_TEXTS, odds), 7)
            case 1:
                items[place] = usual % ("contact", _pick(random, _JSON_NUMBERS, _WRONG_JSON_NUMBERS, odds))
            case 2:
                items[place] = _pick(random, _JSON_ITEMS, _WRONG_JSON_ITEMS, odds) % ("person", 7)
    place = _pick(random, _JSON_PLACES, _WRONG_JSON_PLACES, odds / 2)
    changes = place.replace("%s", between.join(items))
    message = f'{{"IsOk":true,"UserExplanation":"x","Changes":{changes},"Status":"Ok"}}'
    match random.randrange(10):
        case 0:
            return message.encode("utf-8-sig")
        case 1:
            return message.encode("utf-16", "surrogatepass")
        case 2:
            return message.encode("iso-8859-1", "replace")
        case 3:
            return message[: -random.randrange(1, 30)].encode()
    return message.encode()


def xml_answers() -> st.SearchStrategy[bytes]:
    """Answers of ForceSyncAll over SOAP."""
    return st.integers(0, 2**64).map(lambda seed: _xml(Random(seed)))


def json_answers() -> st.SearchStrategy[bytes]:
    """Answers of ForceSyncAll over REST."""
    return st.integers(0, 2**64).map(lambda seed: _json(Random(seed)))
