"""Countries as Discogs writes them, and their codes: ISO 3166-1, its codes for countries that were, MusicBrainz's `X…`.

Regions without a code (`Middle East`) are in no list; a release from there has no country.
"""

from collections.abc import Mapping

__all__ = ["COUNTRIES"]

_TEXT = """
US=US|Germany=DE|UK=GB|Japan=JP|France=FR|Italy=IT|Netherlands=NL|Europe=XE|Canada=CA|Spain=ES|Australia=AU|Sweden=SE
Brazil=BR|USSR=SU|Belgium=BE|Greece=GR|Poland=PL|Russia=RU|Mexico=MX|Finland=FI|Jamaica=JM|Denmark=DK|Argentina=AR
Switzerland=CH|Norway=NO|Portugal=PT|Yugoslavia=YU|Hungary=HU|Austria=AT|South Africa=ZA|Czechoslovakia=XC|Turkey=TR
New Zealand=NZ|India=IN|German Democratic Republic (GDR)=XG|Colombia=CO|Czech Republic=CZ|Taiwan=TW|Ireland=IE
Israel=IL|Romania=RO|Bulgaria=BG|Ukraine=UA|Peru=PE|Chile=CL|Venezuela=VE|Indonesia=ID|South Korea=KR|Croatia=HR
Serbia=RS|Slovenia=SI|Slovakia=SK|Estonia=EE|Latvia=LV|Lithuania=LT|Iceland=IS|Worldwide=XW|China=CN|Hong Kong=HK
Philippines=PH|Malaysia=MY|Thailand=TH|Singapore=SG|Vietnam=VN|Iran=IR|Egypt=EG|Lebanon=LB|Morocco=MA|Algeria=DZ
Tunisia=TN|Nigeria=NG|Ghana=GH|Kenya=KE|Zimbabwe=ZW|Zambia=ZM|Ethiopia=ET|Angola=AO|Ecuador=EC|Bolivia=BO|Uruguay=UY
Paraguay=PY|Cuba=CU|Puerto Rico=PR|Trinidad & Tobago=TT|Barbados=BB|Haiti=HT|Dominican Republic=DO|Panama=PA
Costa Rica=CR|Guatemala=GT|El Salvador=SV|Honduras=HN|Nicaragua=NI|Luxembourg=LU|Malta=MT|Cyprus=CY|Belarus=BY
Moldova=MD|Moldova, Republic of=MD|Georgia=GE|Armenia=AM|Azerbaijan=AZ|Kazakhstan=KZ|Uzbekistan=UZ|Kyrgyzstan=KG
Tajikistan=TJ|Turkmenistan=TM|Mongolia=MN|Pakistan=PK|Bangladesh=BD|Sri Lanka=LK|Nepal=NP|Afghanistan=AF|Iraq=IQ
Syria=SY|Jordan=JO|Saudi Arabia=SA|Kuwait=KW|United Arab Emirates=AE|Qatar=QA|Bahrain=BH|Oman=OM|Yemen=YE|Libya=LY
Sudan=SD|Senegal=SN|Mali=ML|Ivory Coast=CI|Côte d'Ivoire=CI|Guinea=GN|Guinea-Bissau=GW|Burkina Faso=BF|Benin=BJ
Togo=TG|Niger=NE|Cameroon=CM|Gabon=GA|Congo, Republic of the=CG|Congo, Democratic Republic of the=CD|Zaire=ZR
Uganda=UG|Tanzania=TZ|Tanzania, United Republic of=TZ|Rwanda=RW|Burundi=BI|Malawi=MW|Mozambique=MZ|Botswana=BW
Namibia=NA|Lesotho=LS|Swaziland=SZ|Madagascar=MG|Mauritius=MU|Reunion=RE|Seychelles=SC|Cape Verde=CV|Gambia, The=GM
Gambia=GM|Sierra Leone=SL|Liberia=LR|Mauritania=MR|Somalia=SO|Eritrea=ER|Djibouti=DJ|Chad=TD|Comoros=KM
Central African Republic=CF|Equatorial Guinea=GQ|Sao Tome and Principe=ST|Rhodesia=RH|Southern Rhodesia=RH
Serbia and Montenegro=CS|Montenegro=ME|Macedonia=MK|Bosnia & Herzegovina=BA|Bosnia and Herzegovina=BA|Albania=AL
Kosovo=XK|Andorra=AD|Monaco=MC|San Marino=SM|Liechtenstein=LI|Vatican City=VA|Gibraltar=GI|Guernsey=GG|Jersey=JE
Isle Of Man=IM|Faroe Islands=FO|Greenland=GL|Martinique=MQ|Guadeloupe=GP|French Guiana=GF|Guyana=GY|Suriname=SR
Curaçao=CW|Netherlands Antilles=AN|Aruba=AW|Bahamas, The=BS|Bahamas=BS|Bermuda=BM|Cayman Islands=KY|Dominica=DM
Grenada=GD|Saint Lucia=LC|Saint Vincent and the Grenadines=VC|Saint Kitts and Nevis=KN|Antigua & Barbuda=AG|Belize=BZ
Virgin Islands=VI|British Virgin Islands=VG|Montserrat=MS|Anguilla=AI|Turks and Caicos Islands=TC|Fiji=FJ
Papua New Guinea=PG|New Caledonia=NC|French Polynesia=PF|Samoa=WS|Tonga=TO|Vanuatu=VU|Solomon Islands=SB|Guam=GU
Cook Islands=CK|Cambodia=KH|Laos=LA|Burma=BU|Myanmar=MM|Brunei=BN|Macau=MO|Maldives=MV|Bhutan=BT|North Korea=KP
Palestine=PS|Timor-Leste=TL|South Vietnam=VD
UK & Europe=GB; XE|USA & Canada=US; CA|UK & US=GB; US|USA & Europe=US; XE|Germany, Austria, & Switzerland=DE; AT; CH
Germany & Switzerland=DE; CH|UK & Ireland=GB; IE|UK, Europe & US=GB; XE; US|USA, Canada & Europe=US; CA; XE
Australia & New Zealand=AU; NZ|Benelux=BE; NL; LU|Scandinavia=DK; NO; SE|France & Benelux=FR; BE; NL; LU
USA, Canada & UK=US; CA; GB|UK & France=GB; FR|Austria & Switzerland=AT; CH|Canada & Europe=CA; XE
"""
COUNTRIES: Mapping[str, str] = dict(
    part.rsplit("=", 1) for line in _TEXT.strip().splitlines() for part in line.split("|")
)
"""Codes by name; several are joined by `; `."""
