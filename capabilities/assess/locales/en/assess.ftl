# The test, its result and disagreement, for the person.

nav-home = Home

item-answer = Answer and go on
item-skip = I do not know
item-skip-hint = “I do not know” counts as not right, the same as a wrong answer.
item-table = Data table
item-number = Your answer (a number)
item-place = Choose its place
item-partner = Choose its partner
item-how-single-choice = Choose one answer.
item-how-multiple-choice = Choose every right answer. The item counts as right when all right ones are chosen and no wrong one.
item-how-order = Give every step its number. The item counts as right when the whole order is right.
item-how-match = Choose the partner of every row. The item counts as right when all partners are right.
item-how-mark = Mark every part that is meant. The item counts as right when all of them are marked and nothing else.
item-how-numeric = Type the number only. Points and commas as usual, for example 1,250 or 2.5.

document-mail = E-mail
document-chat = Chat
document-results = Search results
document-assistant = Answer of an AI assistant
document-page = Page
document-inbox = Inbox
document-folder-tree = Folders
document-permissions = Permissions of an app
document-login = Sign-in page in a browser
document-calendar = Calendar
document-form = Filled-in form
document-unread = unread
document-allowed = Allowed
document-not-allowed = Not allowed
document-lock = the browser shows a closed lock
document-no-lock = the browser shows no lock
document-ticked = ticked
document-not-ticked = not ticked
document-folder = Folder
document-file = File
document-free-day = No appointments
item-file = Download the file
item-file-xlsx = Spreadsheet, { $rows } rows and { $columns } columns. Open it with any spreadsheet program.
item-file-csv = Table of values (CSV, separated by semicolons), { $rows } rows and { $columns } columns. Open it with any spreadsheet program.

incomplete-nothing = Choose or type an answer first. If you do not know, press “I do not know”.
incomplete-nothing-to-check = Choose or type an answer first, then press “Check”.
incomplete-step = Give every step a number.
incomplete-same-place = Two steps have the same number. Give every step its own.
incomplete-left = Choose a partner for every row.
incomplete-same-right = One partner was chosen twice. Choose a different one for every row.
incomplete-number = This answer is not a number. Type the number only, for example 1,250 or 2.5.

home-title = Home
home-open = Assessments for you
home-open-none = No assessment is open for you at the moment. A new one will appear here.
home-closes = Open until { $date }.
home-start = Start
home-continue = Go on
home-finished = Finished
home-results = Your results
home-results-none = Your result appears here as soon as the test is finished.
home-result-of = Result: { $title }
home-result-date = Finished { $date }
home-result-rescored = Scored again on { $date }: the difficulty of the items was updated. See whether anything changed.
home-see-result = See the result

session-intro-title = Before you start
session-purpose = What it is for
session-who = Who sees what
session-who-you = You see your full result as soon as you finish.
session-who-office = The office sees totals only: groups of fewer than { $least } people are not shown. The HR officer sees who has finished and who has not, never a result.
session-who-dispute = If you say that you disagree with your result, the officer sees your statement and your result in order to answer.
session-who-purpose = The result does not decide on rank, post or allowance.
session-how = How the test works
session-how-length = { $minimum } to { $maximum } items, usually about { $minutes } minutes, at most { $longest }. The test stops by itself as soon as the result is certain enough.
session-time-left = About { $minutes } minutes are left. Answers you have sent count in any case.
session-how-adaptive = The items follow your answers: after a right answer the next one is harder. It is normal that about half feel hard.
session-how-pilots = Up to { $count } further items are being tried out. They do not count towards your result; you are not told which they are, because only honest answers make them useful.
session-how-pause = You may stop and go on at any time, also on another device. Every answer is saved at once.
session-how-back = An answer that was sent cannot be changed.
session-how-fast = Read each question in peace: being fast earns nothing. Answers that come within a few seconds are mentioned beside your result and do not change it. If you do not know, say so.
session-how-language = You can change the language at any time at the top of the page.
session-open-bank = Everybody can read the items of this open bank and their keys, so the result is good for learning and not for decisions about a person. The items have not been tried on civil servants yet; all figures are provisional.
session-practise = Practise first ({ $count } sample items)
session-skip-practice = I have practised before, start the test

practice-title = Sample { $number } of { $count }
practice-intro = This is only practice, to get to know how to answer. It is neither scored nor saved.
practice-check = Check
practice-right = Right. This is how items of this type are answered.
practice-wrong = Not right yet, never mind. { $rationale }
practice-next = Next sample
practice-done = Practice is over: start the test

session-item-title = Item { $position }
session-progress = Item { $position }, at most { $maximum }
session-why-title = Why this item, and how much longer?
session-why = This item was chosen so that your answer makes your result in the area “{ $area }” as clear as possible, without the same item coming up for too many people.
session-why-or-trial = This item was chosen so that your answer makes your result in the area “{ $area }” as clear as possible, without the same item coming up for too many people; or it is one of the few that are only being tried out and do not count.
session-why-harder = Are the items getting harder? That is a sign that your answers so far are good.
session-left = About { $count ->
    [one] one more item
   *[other] { $count } more items
} until the result is certain enough.
session-progress-saved = Your answers so far are saved.
session-pause = Stop for now
session-flag-title = Is something wrong with this item?
session-flag-note = What is wrong? (may be left empty)
session-flag-send = Report the item
session-flag-thanks = Thank you. Your report goes to the item writer.
session-unsent = Not sent yet. Your answer is kept on this page; we are trying again.
session-item-gone = This item is no longer available. Go on with the next one.

paused-title = Stopped for now
paused-text = All your answers are saved. You may close this page and go on later, also on another device.
paused-until = Go on by { $date } at the latest.
paused-continue = Go on with the test

offer-title = Your test could end here
offer-saved = All your answers are saved and your score is certain enough.
offer-text = It is not clear yet whether you meet what your post needs in the area “{ $area }”. { $count ->
    [one] One more item
   *[other] Up to { $count } more items
} would probably settle it.
offer-free = You decide. If you finish now, your result says “not sure yet” there, which is no disadvantage to you.
offer-go-on = { $count ->
    [one] Answer one more item
   *[other] Answer up to { $count } more items
}
offer-finish = Finish now

finished-title = The test is finished
finished-text = All answers are saved. You may close this page.
finished-result = See the result

closed-title = This assessment is closed
closed-text = The time for it is over. If you had answered some items, your result is on the home page.
not-open-title = This assessment is not open yet
not-open-text = This assessment opens on { $date }.

result-title = Your result
result-of = { $title }, finished { $date }
result-short = There are too few answers for a result. The assessment closed after { $items } items.
result-overall = Overall
result-overall-interval = between { $lower } and { $upper }
result-scale = Scale 500 ± 100: 500 is the assumed mean of the reference group. With 95% confidence your ability lies between the two figures.
result-fast = { $rapid ->
    [one] One of your { $answers } answers came within a few seconds, faster than a question can usually be read.
   *[other] { $rapid } of your { $answers } answers came within a few seconds, faster than a question can usually be read.
}
result-fast-score = { $rapid ->
    [one] Without this answer your overall score would be { $score }, { $interval }.
   *[other] Without these answers your overall score would be { $score }, { $interval }.
}
result-fast-few = { $rapid ->
    [one] Without this answer { $read } are left, fewer than the { $least } that a score needs.
   *[other] Without these answers { $read } are left, fewer than the { $least } that a score needs.
}
result-fast-stands = Your result stays as it is. There can be good reasons to be fast, and how long a question takes is still an estimate. Only you see this, and the HR officer if you disagree with your result.
result-fast-wrong = If it is not right, say so with “I disagree with this result” below.
result-provisional = Provisional: the items have not been tried on civil servants, and no panel of experts has set the levels yet. Item bank { $bank }.
result-areas = Five areas
result-area-level = Most likely: { $level }
result-area-range = between { $lowest } and { $highest }
result-level-none = below Basic
result-need = Your post needs: { $level }
result-need-none = Your post does not need this area.
result-probability = Probability that it is met { $percent }
result-met = Likely met
result-not-sure = Not sure yet
result-not-met = Likely not met
result-not-sure-means = Your answers do not settle it yet. This is not a shortcoming.
result-learn = What to learn next
result-all-met = Everything your post needs is likely met.
result-post = Post: { $post }
result-post-none = Your post is not recorded, so its needs cannot be compared yet.
result-chart-title = Ability and need of the post
result-chart-description = A dot shows your ability in each area, a line its 95% interval, a diamond the need of the post.
result-table-area = Area
result-table-score = Score
result-table-interval = 95% interval
result-table-need = Need
result-table-probability = Probability met
result-legend-you = You
result-legend-interval = 95% interval
result-legend-need = need of the post
result-print = Print
result-disagree = I disagree with this result
result-rescored = This result was scored again on { $date } with updated difficulties of the items (bank { $bank }). Your answers are the same and the old result is kept. If you disagree, say so below.
result-basis = Based on { $items } items of bank { $bank }. The test ended because { $reason }.
end-precision = the result was certain enough
end-decision = it was clear whether you meet what your post needs
end-useless = no further item would have told more
end-maximum = the largest number of items was reached
end-time = the time was used up
end-exhausted = no fitting item was left
end-closed = the assessment was closed

disagree-title = I disagree with the result
disagree-intro = Write what you think is not right. The HR officer sees your statement and your result, and answers by name.
disagree-statement = Your statement
disagree-statement-hint = For example: what you can do that does not show, or what disturbed you during the test.
disagree-send = Send the statement
disagree-empty = Write your statement, at least 10 letters.
disagree-long = A statement has at most 2,000 letters. Shorten it a little.
disagree-sent = Your statement was sent { $date }. The answer will appear on this page.
disagree-yours = Your statement ({ $date })
disagree-reply = Answer of { $name } ({ $date })

preview-title = Items
preview-next-draw = Next variant
preview-right = Scored as right.
preview-wrong = Scored as not right.

about-title = About Melek and your data
about-lead = Melek measures the digital competence of civil servants with a short test, compares it with what the post needs, and shows what to learn next.
about-figures = How far the figures can be trusted
about-figures-provisional = All figures are still provisional. How hard an item is, is its author's guess; there has been no field trial, and no panel of experts has set the levels.
about-figures-open = This item bank is open: everybody can read the items and their keys. That is good for learning and for judging the items, but not for decisions about a person.
about-figures-interval = Every result is shown with its interval. “Not sure yet” is an answer too.
about-data = Your data
about-data-kept = Kept: your name, NIP (in one place, always masked on screen), unit, post, work e-mail, your answers with the time each took, and your results.
about-data-not-kept = Not kept: religion, NIK, tax number, salary, address, phone number, photo or location.
about-data-person = No decision about you is made by a machine alone. Every result can be challenged and is answered by a person who gives a name.
about-sources = Sources and licences
about-sources-framework = The framework is DigComp 3.0 (European Union, 2025, CC BY 4.0), translated by the Melek project; the European Commission is not responsible for the translation.
about-sources-link = See the competence framework
about-sources-licence = Melek is open software (Apache-2.0 or MIT). Items and other content are licensed under CC BY 4.0.
