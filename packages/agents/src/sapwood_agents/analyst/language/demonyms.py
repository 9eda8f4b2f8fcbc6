"""What somebody or something from a place is called: `german` for Germany."""

_USUAL = """
african=africa;american=united states,usa,us,u.s.,america;argentine=argentina;argentinian=argentina
asian=asia;australian=australia;austrian=austria;belgian=belgium;brazilian=brazil
british=united kingdom,uk,great britain,england;canadian=canada;chilean=chile;chinese=china
colombian=colombia;croatian=croatia;cuban=cuba;czech=czech republic,czechia;danish=denmark
dutch=netherlands,the netherlands,holland;egyptian=egypt;english=england,united kingdom
ethiopian=ethiopia;european=europe;finnish=finland;french=france;german=germany;greek=greece
hungarian=hungary;icelandic=iceland;indian=india;indonesian=indonesia;iranian=iran;irish=ireland
israeli=israel;italian=italy;jamaican=jamaica;japanese=japan;kenyan=kenya;korean=south korea,korea
mexican=mexico;moroccan=morocco;nigerian=nigeria;norwegian=norway;oceanian=oceania;pakistani=pakistan
peruvian=peru;polish=poland;portuguese=portugal;romanian=romania;russian=russia,russian federation
scottish=scotland;spanish=spain;swedish=sweden;swiss=switzerland;thai=thailand;turkish=turkey,türkiye
ukrainian=ukraine;vietnamese=vietnam,viet nam;welsh=wales
"""

_RARER = """
afghan=afghanistan;albanian=albania;algerian=algeria;armenian=armenia;bangladeshi=bangladesh
belarusian=belarus;bolivian=bolivia;bosnian=bosnia and herzegovina;bulgarian=bulgaria;cambodian=cambodia
congolese=congo;costa rican=costa rica;cypriot=cyprus;dominican=dominican republic;ecuadorian=ecuador
estonian=estonia;filipino=philippines;georgian=georgia;ghanaian=ghana;guatemalan=guatemala;haitian=haiti
honduran=honduras;iraqi=iraq;jordanian=jordan;kazakh=kazakhstan;latvian=latvia;lebanese=lebanon
libyan=libya;lithuanian=lithuania;malaysian=malaysia;maltese=malta;moldovan=moldova;mongolian=mongolia
mozambican=mozambique;nepalese=nepal;nicaraguan=nicaragua;panamanian=panama;paraguayan=paraguay
philippine=philippines;rwandan=rwanda;salvadoran=el salvador;saudi=saudi arabia;senegalese=senegal
serbian=serbia;singaporean=singapore;slovak=slovakia;slovenian=slovenia;somali=somalia
south african=south africa;sri lankan=sri lanka;sudanese=sudan;syrian=syria;taiwanese=taiwan
tanzanian=tanzania;tunisian=tunisia;ugandan=uganda;uruguayan=uruguay;uzbek=uzbekistan
venezuelan=venezuela;yemeni=yemen;zambian=zambia;zimbabwean=zimbabwe
"""


def _places(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split("=") for line in text.strip().splitlines() for entry in line.split(";"))
    return {demonym: tuple(places.split(",")) for demonym, places in entries}


DEMONYMS = _places(_USUAL)
"""Each with all that tables hold for the place, its name first."""

RARER_DEMONYMS = _places(_RARER)
"""Each with the name of the place."""
