"""What a rendition says of itself: XMP (ISO 16684-1, ISO 19005-2 6.6) and the same in the Info dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from rendition import syntax
from rendition.sink import PdfSink

_NAMESPACE = "urn:hososo:rendition:1:"
_PROPERTIES = {
    "DossierCode": "Code of the dossier of an administrative procedure",
    "DocumentId": "Identifier of the document in the catalogue",
    "DocumentKind": "Kind of the document",
    "Converter": "Who converted the paper to this file",
}
# Characters that XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class RenditionMeta:
    """What is known of a document when it is rendered.

    Attributes:
        title: Shown by viewers; the kind of document, never a person's name.
        dossier_code: Normalised mã hồ sơ.
        document_id: Id in the catalogue.
        kind: Name of the document's kind; may be empty.
        unit: Body that makes the rendition.
        created_at: When, with time zone.
        converter: Person or service that converted, as the mark names it; empty leaves it out.
        pages: How many pages will come; fewer or more is an error.
        producer: Program name and version.
    """

    title: str
    dossier_code: str
    document_id: str
    kind: str
    unit: str
    created_at: datetime
    converter: str
    pages: int
    producer: str

    def __post_init__(self) -> None:
        """Refuse what cannot be written."""
        if self.created_at.tzinfo is None:
            raise ValueError("created_at has no time zone")
        if self.pages < 1:
            raise ValueError("a rendition has at least one page")


def put_info(sink: PdfSink, meta: RenditionMeta) -> int:
    """Write the Info dictionary and return its object number."""
    moment = syntax.date(meta.created_at)
    author = {"Author": syntax.text(_clean(meta.unit))} if meta.unit else {}
    return sink.put(
        syntax.dictionary(
            Title=syntax.text(_clean(meta.title)),
            **author,
            Producer=syntax.text(_clean(meta.producer)),
            CreationDate=moment,
            ModDate=moment,
        )
    )


def put_xmp(sink: PdfSink, meta: RenditionMeta) -> int:
    """Write the XMP packet, uncompressed so that any tool can find it, and return its object number."""
    return sink.stream(xmp(meta).encode(), Type=b"/Metadata", Subtype=b"/XML")


def xmp(meta: RenditionMeta) -> str:
    """Return the XMP packet."""
    moment = meta.created_at.isoformat(timespec="seconds")
    creator = f"<dc:creator><rdf:Seq><rdf:li>{_xml(meta.unit)}</rdf:li></rdf:Seq></dc:creator>"
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:identifier>{_xml(meta.document_id)}</dc:identifier>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_xml(meta.title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>vi-VN</rdf:li></rdf:Bag></dc:language>
{creator if meta.unit else ""}
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate><pdf:Producer>{_xml(meta.producer)}</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:hososo="{_NAMESPACE}">
{_own(meta)}
</rdf:Description>
{_schema()}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def _own(meta: RenditionMeta) -> str:
    values = (meta.dossier_code, meta.document_id, meta.kind, meta.converter)
    pairs = zip(_PROPERTIES, values, strict=True)
    return "\n".join(f"<hososo:{name}>{_xml(value)}</hososo:{name}>" for name, value in pairs)


def _schema() -> str:
    """Describe the own properties: PDF/A accepts no property that is not described (6.6.2.3)."""
    properties = "\n".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{about}</pdfaProperty:description></rdf:li>"
        for name, about in _PROPERTIES.items()
    )
    return f"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>hososo rendition</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>hososo</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
{properties}
</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def _clean(value: str) -> str:
    return _NOT_XML.sub("", value)


def _xml(value: str) -> str:
    return escape(_clean(value))
