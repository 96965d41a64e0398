framework-title = Competence framework
framework-lead = Melek uses DigComp 3.0: 5 areas, 21 competences and 4 levels. This is what the words of your result mean.
framework-levels = Levels
framework-source = Source:
framework-licence = Indonesian translation by the Melek project, CC BY 4.0. The European Commission is not responsible for it.
framework-outcomes = Learning outcomes
framework-area = Area
framework-cuts = Where a level begins
framework-cuts-how = The ability, on a scale whose mean is 0 and whose standard deviation is 1 among the people it refers to, at which somebody answers two of three items of the level right; in brackets the number of items behind the figure.
framework-cuts-provisional = These figures are provisional: they rest on the authors' guesses of how hard each item is. No panel has set them.
framework-cut = { $ability } ({ $items ->
    [one] { $items } item
   *[other] { $items } items
})
