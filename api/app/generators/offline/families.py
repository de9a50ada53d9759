"""What the planner knows about kinds of products: how each is recognised, built, and usually fails."""

import re
from typing import NamedTuple


class Family(NamedTuple):
    """A kind of product. The pairs are a name and a sentence about it."""

    words: str
    names: tuple[str, ...]
    essence: str
    first: tuple[tuple[str, str], ...]
    modules: tuple[str, str]
    stack: tuple[tuple[str, str], ...]
    proof: tuple[str, str, str]
    risks: tuple[tuple[str, str], ...]

    def hits(self, text: str) -> int:
        """How often the text speaks of this kind, each word once."""
        return len({match.casefold() for match in re.findall(rf"(?<![a-z])(?:{self.words})", text, re.IGNORECASE)})


MARKETPLACE = Family(
    words="marketplace|market place|buyer|seller|auction|second.?hand|listing|escrow|rent|sell|trade|sitter|"
    "freelanc|marktplatz|mercado|marché|市场|マーケット",
    names=("Second Sight", "Handover", "Fair Copy", "Common Ground"),
    essence="Supply and demand both exist already; what is missing between the two is trust, and a "
    "handover that works.",
    first=(
        (
            "Listings with provenance",
            "What it is, what state it is in and who says so, with photographs that carry their date.",
        ),
        ("Money held in the middle", "It moves when the receiving side has confirmed, and not before."),
        (
            "A reputation that is earned",
            "Only a finished deal can be rated, by both sides, and neither sees the other's words first.",
        ),
    ),
    modules=("listings", "orders"),
    stack=(
        ("Stripe Connect", "Holds the money, pays out both sides and keeps card numbers away from us."),
        (
            "PostgreSQL full-text search",
            "Good enough for the first hundred thousand listings, and one part fewer to run.",
        ),
    ),
    proof=("Listings that end in a deal", "1 in 10", "1 in 4"),
    risks=(
        ("An empty shelf", "Open in one region with twenty hand-picked sellers; nobody sees a search without results."),
        ("Deals move off the platform", "Insurance and escrow are worth more than the fee, and only exist inside."),
        ("Fraudulent listings", "New sellers are reviewed by a person until their third completed deal."),
    ),
)

SHOP = Family(
    words="shop|store|e-?commerce|cart|checkout|catalog|product page|merch|bakery|order online|subscription box|"
    "tienda|boutique|laden|магазин|商店|ショップ",
    names=("Counter", "Corner Store", "Daybreak", "Parcel & Co"),
    essence="A shop is a promise about stock, price and time; the software is good when all three are "
    "true at checkout.",
    first=(
        ("A catalogue that loads at once", "Pages are rendered ahead; only price and stock are asked for live."),
        ("A checkout of one page", "Guest by default, address once, and the total including delivery from the start."),
        (
            "Stock that can't be sold twice",
            "A reservation with a time limit, taken in the same transaction as the order.",
        ),
    ),
    modules=("catalogue", "checkout"),
    stack=(
        ("Stripe Checkout", "Cards, wallets and taxes in one hosted step, tested in every browser by somebody else."),
        ("A job queue", "Receipts, stock mails and labels happen after the order, and are tried again when they fail."),
    ),
    proof=("Carts that become orders", "30 %", "45 %"),
    risks=(
        ("Overselling on the first busy day", "Replay the day before as a load test, at ten times its rate."),
        (
            "Returns eat the margin",
            "Measure them by product from the first week, and show the worst one on the dashboard.",
        ),
        ("A payment without an order", "Orders are created first; webhooks only move their state, and may come twice."),
    ),
)

SCHEDULING = Family(
    words="schedul|calendar|shift|booking|appointment|reserv|roster|rota|planner|timetable|availab|agenda|termin|"
    "预约|予約",
    names=("Rota", "Clockwork", "Even Hours", "Meridian"),
    essence="Everybody's time is already spoken for, so the product is a set of rules that people accept as fair, "
    "and a way to swap.",
    first=(
        ("One calendar that is right", "Every slot has one owner and one state, and a history that says who moved it."),
        ("Rules as data", "Rest times, qualifications and wishes are rows that a planner edits, not code."),
        (
            "Swaps without a phone call",
            "Two people agree, the rules are checked, and the plan changes for all at once.",
        ),
    ),
    modules=("calendar", "rules"),
    stack=(
        ("OR-Tools", "Solves the assignment within seconds, and says which rule made it impossible."),
        ("iCalendar feeds", "People look at the calendar they already have; ours only has to be in it."),
    ),
    proof=("Changes made without a call", "half", "9 in 10"),
    risks=(
        (
            "Time zones and the hour that happens twice",
            "Store instants with the zone's name; test on both clock changes.",
        ),
        ("A plan that is fair but feels unfair", "Show each person their own balance of nights and weekends."),
        ("Two people take the same slot", "An exclusion constraint in the database decides, not the screen."),
    ),
)

DATA = Family(
    words="data portal|open data|dataset|dashboard|analytic|statistic|chart|metric|survey|research|census|"
    "visuali|datos|données|daten|数据",
    names=("Plain Figures", "Gauge", "Ledger Line", "Almanac"),
    essence="The numbers exist; what people lack is to find them, to know how far they can be trusted, "
    "and to cite them.",
    first=(
        (
            "Datasets with a history",
            "Each version keeps its address for ever, with its source, its licence and its gaps.",
        ),
        ("An answer before a download", "A chart and ten rows are on the page; the file is for those who need more."),
        ("The same by API", "Every page is a query, and the query's address can be copied into a script."),
    ),
    modules=("datasets", "queries"),
    stack=(
        ("DuckDB over Parquet", "Answers a query over millions of rows in place, without a warehouse to feed."),
        ("Observable Plot", "Charts that read well in print too, from a few lines for each question."),
    ),
    proof=("Time from question to chart", "2 min", "20 s"),
    risks=(
        ("Nobody trusts a number", "Every figure links to the rows and the code that it came from."),
        (
            "A source changes its format",
            "Imports are checked against a schema, and a refused one keeps yesterday's data.",
        ),
        ("One query stops all others", "Queries have a time limit and a budget of rows, and say so in the answer."),
    ),
)

CHAT = Family(
    words="chat|messag|communit|forum|social|discuss|friend|dating|comment|conversation|club|network for|"
    "gemeinschaft|comunidad|communauté|聊天|チャット",
    names=("Commonplace", "Open Table", "Murmur", "Porchlight"),
    essence="People come for other people; the product has to be quiet, quick, and safe enough to stay in.",
    first=(
        ("Conversations that load instantly", "The last fifty messages come with the page, the rest as one scrolls."),
        ("Presence that doesn't lie", "Delivered, seen and typing are states that the server knows, not guesses."),
        ("Moderation from the first day", "Report, mute and block, with a queue that a person works through."),
    ),
    modules=("rooms", "messages"),
    stack=(
        (
            "WebSocket with cursors",
            "Each client says what it has seen last, so a reconnect never loses or doubles a message.",
        ),
        ("Valkey streams", "Fan-out between servers, while the database stays the truth."),
    ),
    proof=("Members who come back after a week", "25 %", "40 %"),
    risks=(
        ("A room with nobody in it", "Start with one place and one occasion; add rooms when it becomes too loud."),
        ("Abuse", "New accounts write to those who answered them, until somebody vouches for them."),
        ("Notifications that drive people away", "One digest by default; everything else is chosen."),
    ),
)

IOT = Family(
    words="iot|sensor|device|smart home|greenhouse|gauge|telemetry|thermostat|drone|robot|tracker|firmware|monitor|"
    "tide|weather|station|garden|beehive|датчик|传感器",
    names=("Fieldnote", "Weathervane", "Low Tide", "Outpost"),
    essence="Things in the field are offline, wrong or out of battery; the system is good when it "
    "knows which of the three.",
    first=(
        ("A reading, end to end", "One device, one value, one chart, over the real radio and the real distance."),
        ("Silence as an event", "What hasn't reported in time is the first thing on the page."),
        ("Alerts with a threshold and a pause", "One message when it starts, one when it ends, and none in between."),
    ),
    modules=("devices", "readings"),
    stack=(
        ("MQTT with a persistent session", "Devices may sleep for hours and still deliver, each message once."),
        ("TimescaleDB", "Readings in plain SQL, compressed by the week and thinned by the year."),
    ),
    proof=("Alerts that somebody acted on", "half", "9 in 10"),
    risks=(
        ("Clocks that drift", "The server stores both times, the device's and its own, and shows the difference."),
        ("A flood after an outage", "Backlogs are taken at a bounded rate; fresh readings pass them."),
        ("An update that bricks devices", "One in a hundred first, with a watchdog that goes back by itself."),
    ),
)

EDUCATION = Family(
    words="school|student|teach|learn|course|lesson|class|tutor|quiz|homework|university|exam|language|flashcard|"
    "schule|escuela|école|学校|学习",
    names=("Chalk Line", "Primer", "Next Page", "Open Bench"),
    essence="Learning happens between the lessons, so the product is judged by what is still known after a week.",
    first=(
        ("One lesson that works", "A goal, an example, a try and an answer to it, in ten minutes."),
        ("Practice that returns", "What was wrong comes back sooner, what was right comes back later."),
        ("A view for the teacher", "Who is stuck and where, today, without a report to read."),
    ),
    modules=("lessons", "progress"),
    stack=(
        ("Markdown with exercises", "Teachers write it, versions can be compared, and nothing is locked in."),
        ("An offline-first web app", "Phones in a school share one bad connection; answers wait until it is back."),
    ),
    proof=("Right answers after a week", "60 %", "80 %"),
    risks=(
        (
            "Used once, in the first lesson",
            "Fit into the hour that exists: no accounts for pupils, a code on the board.",
        ),
        ("Children's data", "No names, no adverts, deletion by the end of the school year, and a page that says so."),
        ("It measures clicks, not knowledge", "A short test at the end of each month, blind to the practice before."),
    ),
)

HEALTH = Family(
    words="health|patient|doctor|clinic|hospital|medic|therap|fitness|diet|symptom|nurse|mental|sleep|pharma|"
    "gesundheit|salud|santé|医|健康",
    names=("Steady", "Rounds", "Second Opinion", "Plain Care"),
    essence="The people who need it are tired, and a mistake is not a bug but an injury: less on the page, and every "
    "change on record.",
    first=(
        ("One task of one role", "The nurse's or the patient's, watched at work before it is drawn."),
        ("A record that can't be rewritten", "Entries are added and corrected, never changed, each with its author."),
        ("Consent as a page", "Who sees what, in plain words, and one switch to take it back."),
    ),
    modules=("records", "consent"),
    stack=(
        ("FHIR resources at the edge", "Other systems can read and write, while our own tables stay simple."),
        ("Row-level security", "The database itself refuses a row that the caller may not see."),
    ),
    proof=("Minutes per entry", "3", "1"),
    risks=(
        ("Advice that is taken for a diagnosis", "Every text of that kind is signed by a clinician and dated."),
        ("A leak of records", "Encryption per person, access that expires, and an audit that the person can read."),
        ("It adds work to a full day", "Whatever is entered replaces a form that exists, or it isn't built."),
    ),
)

FINANCE = Family(
    words="bank|finance|budget|invoice|payment|expense|account(?:ing|ant)|tax|invest|crypto|loan|money|spending|wallet|"
    "salary|donation|fundrais|crowdfund|rechnung|factura|facture|银行",
    names=("Even Keel", "Sum & Sons", "Tally", "Double Entry"),
    essence="Every amount must add up, be explainable a year later, and never be wrong by the same cent twice.",
    first=(
        (
            "A ledger of double entries",
            "Amounts are integers in the smallest unit, rows are only added, sums are zero.",
        ),
        ("Imports that can be repeated", "The same statement twice changes nothing, and says so."),
        ("The one figure people open it for", "On the first screen, with the three entries that explain it."),
    ),
    modules=("ledger", "imports"),
    stack=(
        ("PostgreSQL, serializable", "Two transfers at once give the same sums as one after the other."),
        ("Open banking by an aggregator", "Statements arrive by themselves; a CSV import covers the rest."),
    ),
    proof=("Entries matched by themselves", "70 %", "95 %"),
    risks=(
        (
            "A sum that is off by a cent",
            "The ledger is checked against its sources every night, and stops when it differs.",
        ),
        ("Regulation", "Never hold money ourselves in the first year: a licensed partner does."),
        ("A stolen session", "Anything that moves money asks again, on a second device."),
    ),
)

GAMES = Family(
    words="game|player|puzzle|multiplayer|chess|quest|leaderboard|arcade|rpg|spiel|juego|jeu|игра|游戏|ゲーム",
    names=("One More Turn", "Lantern Run", "Small Hours", "Tinderbox"),
    essence="It is fun in the first thirty seconds or it isn't; everything else can be added to what is fun.",
    first=(
        ("The core loop in grey boxes", "One rule, one decision, one reward, played by five strangers by Friday."),
        ("A save that survives", "State is a list of moves, so a crash, a cheat and a replay are the same problem."),
        ("Feedback in a frame", "Every input answers within 100 ms, with sound, even when the server hasn't yet."),
    ),
    modules=("matches", "replays"),
    stack=(
        (
            "A deterministic core in TypeScript",
            "The same moves give the same game in the browser, on the server and in a test.",
        ),
        ("Canvas first", "Sixty frames on a five-year-old phone decide what may be drawn."),
    ),
    proof=("Second games on the first day", "1", "3"),
    risks=(
        ("Too much to learn", "The tutorial is the first level, and has no text."),
        ("Cheating", "The server plays every game again from its moves before a score counts."),
        ("Scope", "Nothing is drawn before its grey box was played twice by choice."),
    ),
)

LOGISTICS = Family(
    words="deliver|logistic|shipping|route|fleet|driver|map|travel|trip|transport|warehouse|harbou?r|courier|parking|bike|"
    "taxi|lieferung|viaje|voyage|地图",
    names=("Waypoint", "Long Haul", "Plumb Line", "Quayside"),
    essence="The plan is made in the morning and wrong by ten; what counts is how fast everybody knows the new one.",
    first=(
        ("One journey on one map", "Where it is, when it arrives, and how sure we are of it."),
        ("Exceptions before averages", "The list starts with what is late, and says who can do something about it."),
        ("A driver's screen for one hand", "Large, in the sun, offline, with one button for each stop."),
    ),
    modules=("journeys", "stops"),
    stack=(
        ("PostGIS", "Distances, areas and nearest neighbours next to the orders they belong to."),
        ("MapLibre with own tiles", "No fee for each look, and it works where there is no network."),
    ),
    proof=("Arrivals within the promised window", "80 %", "95 %"),
    risks=(
        ("Positions that lie", "Show the age of each position; a dot older than five minutes is grey."),
        ("Routes that only a computer likes", "Drivers may change the order, and the change is learned from."),
        ("A dead zone", "Everything that happens at a stop is stored on the phone first."),
    ),
)

LIBRARY = Family(
    words="library|lending|archive|collection|catalogue|museum|book|recipe|photo|music|podcast|blog|wiki|notes?\\b|"
    "knowledge|document|seed|bibliothe|libro|livre|图书",
    names=("Stacks", "Marginalia", "Kept", "Good Shelf"),
    essence="Things are put in by a few and looked for by many; it lives from being easy to add to and "
    "quick to search.",
    first=(
        ("Adding in under a minute", "A photograph and a name are enough; the rest is filled in by whoever knows it."),
        ("Search that forgives", "Misspelled, half remembered, or in another language."),
        ("A page for each thing", "With an address that stays, its story, and what is near it."),
    ),
    modules=("items", "loans"),
    stack=(
        ("PostgreSQL with trigrams", "Finds what was misspelled, without a search server."),
        ("Object storage", "Originals are kept untouched; every smaller picture can be made again."),
    ),
    proof=("Searches with a click in the first five", "60 %", "85 %"),
    risks=(
        ("Nobody maintains it", "Each thing shows its last look, and asks one question when it is old."),
        ("Rights", "A licence is a required field, and unknown is one of its values."),
        ("Locked in", "A full export, as files that open without us, from the first release."),
    ),
)

ASSISTANT = Family(
    words="ai\\b|llm|assistant|chatbot|agent|gpt|machine learning|summari|translat|transcri|recommend|classif|"
    "generate|prompt|нейро|人工智能",
    names=("Sidebar", "Understudy", "Clear Copy", "Inkling"),
    essence="The model is the easy part; what makes a product is knowing when it is wrong, and making that cheap.",
    first=(
        ("Fifty real cases", "With the answers that a person would accept; nothing is tuned before they exist."),
        ("Answers that stream", "The first words within a second, and what is there is kept when the line drops."),
        ("A correction in one gesture", "What people change is the best data there will ever be."),
    ),
    modules=("requests", "evaluations"),
    stack=(
        (
            "An OpenAI-compatible endpoint",
            "The model is a setting, so that price and quality can be compared in a day.",
        ),
        ("A durable event log", "A long answer survives a reload, a deploy and a dead worker."),
    ),
    proof=("Answers used as they are", "40 %", "70 %"),
    risks=(
        ("Confident nonsense", "Show the source of each claim, or say that there is none."),
        ("A bill that grows in the night", "Limits for each user and day, and a queue instead of a surprise."),
        ("Text that gives orders", "What comes from outside is data: it never chooses a tool."),
    ),
)

GENERIC = Family(
    words="(?!)",
    names=("Keystone", "Groundwork", "Lantern", "First Light"),
    essence="The quickest way to a good version is a small one in real hands, and a short path from what they say to "
    "what it does.",
    first=(
        ("One journey from start to end", "The single thing that somebody would come back for tomorrow."),
        ("An account that is easy to leave", "Sign-in without a hurdle, export and deletion from the first release."),
        ("A page that says what happens", "Every wait has a state, every failure a sentence and a way on."),
    ),
    modules=("accounts", "journeys"),
    stack=(
        ("A job queue", "What takes longer than a page may take happens in a worker, and survives its death."),
        ("Feature flags", "What is unfinished can be shipped, and shown to the ten people who asked for it."),
    ),
    proof=("People who come back in the second week", "20 %", "40 %"),
    risks=(
        (
            "Built for nobody in particular",
            "Name five people, show it to them every week, and write down what they do.",
        ),
        ("It grows before it works", "Nothing is added while the one journey has a known fault."),
        ("One person knows it all", "Decisions are a page each, in the repository, next to the code."),
    ),
)

FAMILIES = (
    MARKETPLACE,
    SHOP,
    SCHEDULING,
    DATA,
    CHAT,
    IOT,
    EDUCATION,
    HEALTH,
    FINANCE,
    GAMES,
    LOGISTICS,
    LIBRARY,
    ASSISTANT,
)
