"""Words of grammar in the four writings: they tell languages apart and say nothing about what is asked.

Spelt as `bot.language.normalise` leaves them (آ is ا, ھ is ہ, ئ is ی). Roman Urdu has no spelling, so the common ones
are all here.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = _words("""
    a about all also am an and any are as at be been being but by can cannot could did do does doing done dont for from
    get give got had has have having he her his how i if im in into is it its just let like may me much my need of on
    or our please pls plz shall she should so some such than that the their them then there these they this those to
    up us was we were what whats when where which who whom whose why will with would you your yours tell know want
    after before between during without only more most same other each both too very not no yes hello hi hey thanks
    thank many long there's
""")
# English words that are as common, with another meaning, in Roman Urdu.
BOTH_LATIN = _words("""
    is to me the he main do in or us so hi are per par ho hum bus on no be at an am a i as it app pay say may use na ya
    go had ham hen kin kis yah lie den men sir hay ha hot the tell mat pr na yes bad
""")
ROMAN_URDU = _words("""
    hai he hy h ha hain hen hein hn hay ho hun hoon hu hon hona hone hota hoti hote hoga hogi honge hga hgi hngy hungay
    tha thi thay the thy
    ka ki ke kay k kaa kee ko koo se sy say mein main me mai mn men mian may par pr pe pay tak tk
    kya kia kiya kea kyun kyu kyon kiun kab kb kahan kaha khan kidhar kaise kese kesay kaisay kaisa kaisi kesa kesi
    kitni kitna kitne kitnay ktni ktna ktne kon kaun kn kis kisi kin konsa konsi konse kaunsa kaunsi kaunse konsay
    liye lye lie liay liey lia chahiye chahye chaiye chahie chaye chahiay chye chaheye chahia chahyen
    nahi nahin nhi nai ni nahee naheen nhin na mat
    aur or ya bhi b bi agar agr magar lekin jo jab jb to tou toh phir phr fir
    mera meri mere mra mri apna apni apne aap ap app hum ham hm mujhe mjhe mujy muje mujhy mjy main usay use us is iss
    uss ye yeh yah yhe wo woh wahan yahan yaha waha inka unka uska uski uske iska iski iske iskay uskay
    kar kr karna krna karne krne karo kro karun krun karen kren karein karte krte karta krta karti krti karke krke
    kiye kariye krdo krden karwana krwana karwane sakta skta sakti skti sakte skte sakta saktay sakay
    milta milti milte milega milegi milenge mil mlta mlti mlega mlegi mile milay mily
    wala wali wale walay walon waly wla wli ga gi ge gay gee raha rahi rahe rha rhi rhe
    dena deta deti dete dein den de dy lena leta leti lete le lein jana jane jata jati jate jaye jaen jaega jaegi ja
    ana aana ata ati aye aye aya ayega ayegi aega aegi aa
    batao btao bata bta bataen batayen batain btaen btain batado btado bataye btaye btayen bataiye
    koi kuch kch kuchh sab sb sath saath baad bad pehle phle pehlay andar bahar bina baghair wagera wghera
    salam salaam assalam assalamu alaikum aoa asalam asslam walaikum janab bhai sir baji
    gya gaya gai gayi gyi gye gaye diya dia dya dedo btado kro nahe hga hngi
    nh hmain hamain humein hume unhe inhe apko aapko ko
""")
URDU = _words("""
    کا کی کے کو سے میں پر تک نے ہے ہیں ہو ہوں ہوا ہوی ہوتا ہوتی ہوتے ہوگا ہوگی تہا تہی تہے گا گی گے
    کیا کب کہاں کیوں کیسے کیسا کیسی کتنا کتنی کتنے کون کونسا کونسی کونسے کس کن کسی
    اور یا بہی اگر مگر لیکن جو جب تو پہر نہ نہیں مت
    میرا میری میرے اپنا اپنی اپنے اپ ہم مجہے ہمیں یہ وہ اس ان اسے انہیں یہاں وہاں
    کر کرنا کرنے کریں کروں کرتا کرتی کرتے کیے لیے لیا دیا دی جا جانا جانے جاتا جاتی جاتے جاے جایے
    سکتا سکتی سکتے چاہیے چاہیں ملتا ملتی ملتے ملے ملیں ملیگا ملیگی مل والا والی والے والوں
    رہا رہی رہے دینا دیتا دیتی دیتے دیں لینا لیں انا اتا اتی بتایں بتاییں بتا بتاو
    کوی کچہ سب ساتہ بعد پہلے اندر باہر بغیر وغیرہ ہی بس السلام علیکم سلام جناب
""")
# Han function characters and question words; Chinese is matched by character, so these are strings to look for.
CHINESE = _words("""
    的 了 吗 呢 吧 啊 是 在 有 我 你 您 他 她 们 这 那 哪 什么 怎么 怎样 如何 多少 几 谁 为什么 可以 能 会 要 想 请问 和 与 或 也
    都 还 就
""")
# Roman Urdu words of content that students type alone ("akhri tareekh?"), for telling languages apart only.
ROMAN_URDU_CONTENT = _words("""
    dakhla daakhla dakhlay daakhlay dakhle dakhila wazifa wazeefa wazaif wazife akhri aakhri akhari tareekh tarikh tareek
    umar umer umr zaroori zaruri zarori lazmi darkhwast darkhast rabta raabta pata shehar shehr sheher saal sal mahina
    maheena mahine mheene maheene din hafta haftay paise paisay pesay rupay rupaye rupee muft mufat qist qarz raqam wapsi
    larki larkiyan larkiyon larkiyan khawateen larka larke aurat naukri nokri kaam rozgar rozgaar tankhwah hunar hunarmand
    silai karhai cheen cheeni zaban zabaan bairoon bahir mulk safar kharcha kharch akhrajat ahliyat ahal shart sharait
    imtihan imtehan haazri hazri chutti rihaish rehaish khana talib ilm ustad idara idaray ilaqa zila sooba hukumat
    sarkari niji behtar acha achi ache achha sahi asan mushkil lamba chota sasta sasti mehnga mehngi jaldi abhi kal aaj
    tasdeeq sanad asnad kagaz kaghaz kaghzat kagzat dastavez dastavezaat shanakhti tasveer istemal zaroorat farq mukammal
    shukriya shukria meherbani sahib sahiba theek thek thk acha haan jee gum gumm gari gaari gariyan gana kapre kapray
    alag jama zyada ziada dukan dukaan parhai padhai nikal nikl sunao lagao bnao banao krao karao chutiyan paisa roza namaz kitaben larkiyon
    shuru khatam khula band tafseel maloomat malumat madad baare bare kitab sawal jawab shadi bacha bachay walid
""")
# Verbs by their stems, each in the forms that ask: "banwana", "seekhni", "parhte".
_VERB_STEMS = _words("""
    bana bna ban banwa bnwa laga lga lagwa lgwa seekh sikh sekh sikha parh padh prh parha chala chal nikal nikl nikalwa karwa
    krwa bech khareed kharid likh likhwa suna sunn dekh dikha bhej bhar bhr rakh reh beth baith mila samajh puch pooch poch
    utha khol khul jor jod tor badal badl kata pakka paka khel maang mang chah dilwa uthwa bula pahun pohanch pahunch soch
    samjha sambhal dhoond dhund chor chhor
""")
_VERB_ENDINGS = _words("na ne ni nay nain ta ti te tay ty")
ROMAN_URDU_VERBS = frozenset(stem + ending for stem in _VERB_STEMS for ending in _VERB_ENDINGS) - {"banana"}
ROMAN_URDU_ONLY = ROMAN_URDU - BOTH_LATIN
ENGLISH_ONLY = ENGLISH - BOTH_LATIN - ROMAN_URDU
STOP_WORDS = ENGLISH | ROMAN_URDU | URDU
