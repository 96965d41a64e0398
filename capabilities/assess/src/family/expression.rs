//! The expressions of a family: read here, computed in `evaluate.rs`. Arithmetic, comparison, conditions and a closed set of
//! functions; no loops, no recursion, nothing from outside, so that every expression ends and gives the same on every machine.
//! The grammar is in `docs/formats/items.md`, "Expressions"; why it is our own is in decision 0010.

use super::value::{Value, Word};
use melek_framework::Text;

/// Longest expression, in bytes, and deepest nesting of brackets.
const LONGEST: usize = 500;
const DEEPEST: usize = 32;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Constant(Value),
    /// `total`, `fees.1`
    Path(String),
    Negative(Box<Expression>),
    Not(Box<Expression>),
    Operation(Operator, Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    If,
    Min,
    Max,
    Sum,
    Mean,
    Median,
    Count,
    Round,
    Floor,
    Ceil,
    Abs,
    At,
    Place,
    Sort,
    Reverse,
    Upto,
    All,
    Any,
    Distinct,
    Weekday,
}

const FUNCTIONS: [(&str, Function); 20] = [
    ("if", Function::If),
    ("min", Function::Min),
    ("max", Function::Max),
    ("sum", Function::Sum),
    ("mean", Function::Mean),
    ("median", Function::Median),
    ("count", Function::Count),
    ("round", Function::Round),
    ("floor", Function::Floor),
    ("ceil", Function::Ceil),
    ("abs", Function::Abs),
    ("at", Function::At),
    ("place", Function::Place),
    ("sort", Function::Sort),
    ("reverse", Function::Reverse),
    ("upto", Function::Upto),
    ("all", Function::All),
    ("any", Function::Any),
    ("distinct", Function::Distinct),
    ("weekday", Function::Weekday),
];

#[derive(Debug, Clone, PartialEq)]
enum Token<'a> {
    Number(f64),
    Quoted(&'a str),
    Name(&'a str),
    Sign(&'static str),
}

/// Two-character signs first, so that `<=` is not read as `<`.
const SIGNS: [&str; 16] = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", ",", "[", "]"];

impl Expression {
    pub fn read(text: &str) -> Result<Expression, String> {
        if text.len() > LONGEST {
            return Err(format!(
                "an expression has at most {LONGEST} characters; compute a part of it in a value above"
            ));
        }
        let mut reader = Reader { tokens: tokens(text)?, next: 0, depth: 0 };
        let expression = reader.either()?;
        match reader.peek() {
            None => Ok(expression),
            Some(token) => Err(format!("{} is not expected there", named(token))),
        }
    }
}

fn named(token: &Token<'_>) -> String {
    match token {
        Token::Number(number) => format!("`{number}`"),
        Token::Quoted(text) => format!("'{text}'"),
        Token::Name(name) => format!("`{name}`"),
        Token::Sign(sign) => format!("`{sign}`"),
    }
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if first == '\'' {
            let end = rest[1..].find('\'').ok_or("a quoted text has no second '")?;
            (Token::Quoted(&rest[1..=end]), end + 2)
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let number = rest[..end].parse().map_err(|_| format!("`{}` is not a number", &rest[..end]))?;
            (Token::Number(number), end)
        } else if first.is_ascii_lowercase() {
            let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
            let end = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
            (Token::Name(&rest[..end]), end)
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let hint = if first == '=' { "; write == to compare" } else { "" };
            let sign = sign.ok_or_else(|| format!("`{first}` has no meaning in an expression{hint}"))?;
            (Token::Sign(sign), sign.len())
        };
        found.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

/// One function a rung of precedence, from `or` down to a single value.
struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<Token<'a>> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    fn takes(&mut self, wanted: &Token<'_>) -> bool {
        let there = self.peek() == Some(wanted);
        self.next += usize::from(there);
        there
    }

    fn either(&mut self) -> Result<Expression, String> {
        let mut left = self.both()?;
        while self.takes(&Token::Name("or")) {
            left = operation(Operator::Or, left, self.both()?);
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Expression, String> {
        let mut left = self.negation()?;
        while self.takes(&Token::Name("and")) {
            left = operation(Operator::And, left, self.negation()?);
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Expression, String> {
        if self.takes(&Token::Name("not")) {
            let inner = self.deeper(Reader::negation)?;
            return Ok(Expression::Not(Box::new(inner)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        const SIGNS: [(&str, Operator); 6] = [
            ("==", Operator::Equal),
            ("!=", Operator::Different),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        let left = self.sum()?;
        match self.operator(&SIGNS) {
            Some(operator) => Ok(operation(operator, left, self.sum()?)),
            None => Ok(left),
        }
    }

    fn sum(&mut self) -> Result<Expression, String> {
        let mut left = self.product()?;
        while let Some(operator) = self.operator(&[("+", Operator::Add), ("-", Operator::Subtract)]) {
            left = operation(operator, left, self.product()?);
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expression, String> {
        const SIGNS: [(&str, Operator); 3] =
            [("*", Operator::Multiply), ("/", Operator::Divide), ("%", Operator::Remainder)];
        let mut left = self.signed()?;
        while let Some(operator) = self.operator(&SIGNS) {
            left = operation(operator, left, self.signed()?);
        }
        Ok(left)
    }

    fn operator(&mut self, signs: &[(&'static str, Operator)]) -> Option<Operator> {
        signs.iter().find(|(sign, _)| self.takes(&Token::Sign(sign))).map(|(_, operator)| *operator)
    }

    fn signed(&mut self) -> Result<Expression, String> {
        if self.takes(&Token::Sign("-")) {
            let inner = self.deeper(Reader::signed)?;
            return Ok(Expression::Negative(Box::new(inner)));
        }
        self.single()
    }

    fn single(&mut self) -> Result<Expression, String> {
        match self.take() {
            Some(Token::Number(number)) => Ok(Expression::Constant(Value::Number(number))),
            Some(Token::Quoted(text)) => {
                let text = Text { id: text.to_owned(), en: text.to_owned() };
                Ok(Expression::Constant(Value::Word(Word::plain(text))))
            }
            Some(Token::Name("true")) => Ok(Expression::Constant(Value::Flag(true))),
            Some(Token::Name("false")) => Ok(Expression::Constant(Value::Flag(false))),
            Some(Token::Name(name)) if self.takes(&Token::Sign("(")) => self.call(name),
            Some(Token::Name(name)) => Ok(Expression::Path(name.to_owned())),
            Some(Token::Sign("(")) => {
                let inner = self.deeper(Reader::either)?;
                self.close()?;
                Ok(inner)
            }
            Some(token) => Err(format!("{} stands where a value is expected", named(&token))),
            None => Err("the expression ends where a value is expected".to_owned()),
        }
    }

    fn call(&mut self, name: &str) -> Result<Expression, String> {
        let known = FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function);
        let Some(function) = known else {
            let names: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
            return Err(format!("there is no function `{name}`; there are {}", names.join(", ")));
        };
        let mut arguments = vec![self.deeper(Reader::either)?];
        while self.takes(&Token::Sign(",")) {
            arguments.push(self.deeper(Reader::either)?);
        }
        self.close()?;
        Ok(Expression::Call(function, arguments))
    }

    fn close(&mut self) -> Result<(), String> {
        if self.takes(&Token::Sign(")")) { Ok(()) } else { Err("a bracket is not closed".to_owned()) }
    }

    /// Bounds how deep brackets nest, so that no text can exhaust the stack.
    fn deeper(&mut self, read: fn(&mut Self) -> Result<Expression, String>) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("brackets nest more than {DEEPEST} deep"));
        }
        let inner = read(self);
        self.depth -= 1;
        inner
    }
}

fn operation(operator: Operator, left: Expression, right: Expression) -> Expression {
    Expression::Operation(operator, Box::new(left), Box::new(right))
}

impl Function {
    pub fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }
}
