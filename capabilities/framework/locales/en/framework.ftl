framework-title = Competence framework
framework-lead = Melek uses DigComp 3.0: 5 areas, 21 competences and 4 levels. This is what the words of your result mean.
framework-levels = Levels
framework-source = Source:
framework-licence = Indonesian translation by the Melek project, CC BY 4.0. The European Commission is not responsible for it.
