# Layout
layout-skip = Skip to main content
layout-synthetic = Demonstration data: all people and figures here are invented.
layout-language = Language
layout-navigation = Main menu
layout-menu = Menu
layout-account = Account:
layout-sign-in = Sign in
layout-sign-out = Sign out

# Forms
form-errors-heading = Something needs to be corrected
form-error-prefix = Error:

# Said by the page's script
script-unsent = Not sent yet. Your answer is kept on this page; we are trying again.
script-sending = Sending …
script-copied = Copied.

# Charts
chart-estimate = estimate
chart-interval = likely range
chart-target = needed
chart-table = See the figures in a table
chart-interval-row = { $label }: estimate { $estimate }, between { $low } and { $high }.
chart-interval-row-target = { $label }: estimate { $estimate }, between { $low } and { $high }; needed { $target }.

# Problems: title, what happened, what to do
problem-not-found-title = Page not found
problem-not-found-text = This address does not exist, or is not for your account.
problem-not-found-advice = Check the address, or start again from the home page.
problem-forbidden-title = You may not open this page
problem-forbidden-text = This page is for another role or another unit.
problem-forbidden-advice = If you need it for your duties, ask the HR officer of your agency.
problem-sign-in-required-title = Please sign in first
problem-sign-in-required-text = This page can be opened only after you have signed in.
problem-sign-in-required-advice = Sign in and try again.
problem-form-expired-title = This form is no longer valid
problem-form-expired-text = Nothing was changed. The page may have been open too long, or you signed in again in another tab.
problem-form-expired-advice = Go back to the previous page, reload it and send it again.
problem-conflict-title = Something has changed meanwhile
problem-conflict-text = This was changed while you were working. Nothing was overwritten.
problem-conflict-advice = Open the page again to see the present state.
problem-invalid-title = The request cannot be read
problem-invalid-text = What was sent is incomplete. Nothing was changed.
problem-invalid-advice = Go back to the previous page and try again.
problem-method-not-allowed-title = This address is not opened in that way
problem-method-not-allowed-text = This page takes a form and is not opened directly (or the other way round).
problem-method-not-allowed-advice = Start again from the home page.
problem-too-large-title = This is too large
problem-too-large-text = A form may have 512 KB, a file 20 MB. Nothing was stored.
problem-too-large-advice = Make the file smaller or split it, and send it again.
problem-too-many-title = Too many attempts
problem-too-many-text = For safety, attempts from this account or network are stopped for a short time.
problem-too-many-advice = Wait a few minutes and try again.
problem-unavailable-title = Not available at the moment
problem-unavailable-text = The system is busy. What was confirmed as saved is saved.
problem-unavailable-advice = Wait a moment and reload this page.
problem-internal-title = Something went wrong on our side
problem-internal-text = This is not your fault. What was confirmed as saved is saved.
problem-internal-advice = Try again. If it happens again, tell your administrator the code below.
problem-request-id = Incident code: { $id }
problem-home = Go to the home page
