//! Computes an expression of a family from the other values. Total: every expression gives a value or says why not.

use time::{Date, Duration};

use super::Values;
use super::expression::{Expression, Function, Operator};
use super::value::{LONGEST_LIST, Value, member, same_number};

/// Computes the expression written in `text`.
pub(super) fn evaluate(text: &str, values: &Values) -> Result<Value, String> {
    value_of(&Expression::read(text)?, values)
}

fn value_of(expression: &Expression, values: &Values) -> Result<Value, String> {
    match expression {
        Expression::Constant(value) => Ok(value.clone()),
        Expression::Path(path) => values.look_up(path),
        Expression::Negative(inner) => each(&value_of(inner, values)?, |value| Ok(Value::Number(-number(value)?))),
        Expression::Not(inner) => each(&value_of(inner, values)?, |value| Ok(Value::Flag(!flag(value)?))),
        Expression::Operation(operator, left, right) => {
            let (left, right) = (value_of(left, values)?, value_of(right, values)?);
            pairwise(&left, &right, &|left, right| operate(*operator, left, right))
        }
        Expression::Call(Function::If, arguments) => choose(arguments, values),
        Expression::Call(function, arguments) => {
            let arguments: Vec<Value> =
                arguments.iter().map(|argument| value_of(argument, values)).collect::<Result<_, _>>()?;
            call(*function, &arguments)
        }
    }
}

/// `if`: only the branch that is taken is computed, so that it can guard a division; over a list both are.
fn choose(arguments: &[Expression], values: &Values) -> Result<Value, String> {
    let [condition, then, otherwise] = arguments else {
        return Err("if(condition, a, b) takes three things".to_owned());
    };
    match value_of(condition, values)? {
        Value::List(conditions) => {
            let (then, otherwise) = (value_of(then, values)?, value_of(otherwise, values)?);
            let branches = conditions.iter().enumerate().map(|(index, condition)| {
                let branch = if flag(condition)? { &then } else { &otherwise };
                Ok(spread(branch, index, conditions.len())?.clone())
            });
            branches.collect::<Result<_, String>>().map(Value::List)
        }
        condition => value_of(if flag(&condition)? { then } else { otherwise }, values),
    }
}

/// The member of a list that belongs to another's member at `index`; a single value belongs to all.
fn spread(value: &Value, index: usize, length: usize) -> Result<&Value, String> {
    match value {
        Value::List(members) if members.len() == length => Ok(&members[index]),
        Value::List(members) => Err(format!("a list of {} meets a list of {length}", members.len())),
        single => Ok(single),
    }
}

fn each(value: &Value, change: impl Fn(&Value) -> Result<Value, String>) -> Result<Value, String> {
    match value {
        Value::List(members) => members.iter().map(change).collect::<Result<_, _>>().map(Value::List),
        single => change(single),
    }
}

type Operate<'a> = &'a dyn Fn(&Value, &Value) -> Result<Value, String>;

fn pairwise(left: &Value, right: &Value, operate: Operate<'_>) -> Result<Value, String> {
    let length = match (left, right) {
        (Value::List(members), _) | (_, Value::List(members)) => members.len(),
        _ => return operate(left, right),
    };
    let members = (0..length).map(|index| operate(spread(left, index, length)?, spread(right, index, length)?));
    members.collect::<Result<_, _>>().map(Value::List)
}

fn operate(operator: Operator, left: &Value, right: &Value) -> Result<Value, String> {
    match operator {
        Operator::Add | Operator::Subtract => add(operator, left, right),
        Operator::Multiply => finite(number(left)? * number(right)?),
        Operator::Divide | Operator::Remainder => {
            let (left, right) = (number(left)?, number(right)?);
            if right == 0.0 {
                return Err("something is divided by zero".to_owned());
            }
            finite(if operator == Operator::Divide { left / right } else { left.rem_euclid(right) })
        }
        Operator::Equal | Operator::Different => {
            if std::mem::discriminant(left) != std::mem::discriminant(right) {
                return Err(format!("{} is compared with {}", left.kind(), right.kind()));
            }
            Ok(Value::Flag(left.equals(right) == (operator == Operator::Equal)))
        }
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            let order = in_order(left, right)?;
            Ok(Value::Flag(match operator {
                Operator::Less => order.is_lt(),
                Operator::LessOrEqual => order.is_le(),
                Operator::Greater => order.is_gt(),
                _ => order.is_ge(),
            }))
        }
        Operator::And => Ok(Value::Flag(flag(left)? && flag(right)?)),
        Operator::Or => Ok(Value::Flag(flag(left)? || flag(right)?)),
    }
}

/// Numbers, or a date and days, or the days between two dates.
fn add(operator: Operator, left: &Value, right: &Value) -> Result<Value, String> {
    let minus = operator == Operator::Subtract;
    match (left, right) {
        (Value::Day(left), Value::Day(right)) if minus => Ok(Value::Number((*left - *right).whole_days() as f64)),
        (Value::Day(day), Value::Number(days)) => moved(*day, if minus { -days } else { *days }),
        (Value::Number(left), Value::Number(right)) => finite(if minus { left - right } else { left + right }),
        _ => Err(format!("{} and {} cannot be added or subtracted", left.kind(), right.kind())),
    }
}

fn moved(day: Date, days: f64) -> Result<Value, String> {
    if days.fract() != 0.0 || days.abs() > 100_000.0 {
        return Err(format!("{days} is not a number of days"));
    }
    day.checked_add(Duration::days(days as i64)).map(Value::Day).ok_or_else(|| "a date is out of range".to_owned())
}

fn in_order(left: &Value, right: &Value) -> Result<std::cmp::Ordering, String> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) if same_number(*a, *b) => Ok(std::cmp::Ordering::Equal),
        (Value::Number(a), Value::Number(b)) => Ok(a.total_cmp(b)),
        (Value::Day(a), Value::Day(b)) => Ok(a.cmp(b)),
        _ => Err(format!("{} and {} have no order", left.kind(), right.kind())),
    }
}

fn call(function: Function, arguments: &[Value]) -> Result<Value, String> {
    match (function, arguments) {
        (Function::Min | Function::Max, [Value::List(members)]) => extreme(function, members),
        (Function::Min | Function::Max, [_, _, ..]) => extreme(function, arguments),
        (Function::Round, [value, Value::Number(places)]) => each(value, |value| rounded(number(value)?, *places)),
        (Function::Round, [value]) => each(value, |value| rounded(number(value)?, 0.0)),
        (Function::Floor, [value]) => each(value, |value| Ok(Value::Number(settled(number(value)?).floor()))),
        (Function::Ceil, [value]) => each(value, |value| Ok(Value::Number(settled(number(value)?).ceil()))),
        (Function::Abs, [value]) => each(value, |value| Ok(Value::Number(number(value)?.abs()))),
        (Function::Weekday, [value]) => each(value, |value| match value {
            Value::Day(day) => Ok(Value::Number(f64::from(day.weekday().number_from_monday()))),
            other => Err(format!("weekday() needs a date, not {}", other.kind())),
        }),
        (Function::At, [Value::List(members), Value::Number(place)]) => member(members, whole(*place)?).cloned(),
        (Function::Place, [Value::List(members), wanted]) => {
            Ok(Value::Number(members.iter().position(|value| value.equals(wanted)).map_or(0, |index| index + 1) as f64))
        }
        (Function::Upto, [Value::Number(last)]) => {
            let last = whole(*last)?;
            if last > LONGEST_LIST {
                return Err(format!("a list has at most {LONGEST_LIST} members"));
            }
            Ok(Value::List((1..=last).map(|number| Value::Number(number as f64)).collect()))
        }
        (_, [Value::List(members)]) => of_list(function, members),
        _ => Err(format!("{}() cannot be used like this; see the list of functions", function.name())),
    }
}

fn of_list(function: Function, members: &[Value]) -> Result<Value, String> {
    let numbers = || members.iter().map(number).collect::<Result<Vec<f64>, _>>();
    let flags = || members.iter().map(flag).collect::<Result<Vec<bool>, _>>();
    match function {
        Function::Sum => finite(numbers()?.iter().sum()),
        Function::Mean if !members.is_empty() => finite(numbers()?.iter().sum::<f64>() / members.len() as f64),
        Function::Median if !members.is_empty() => {
            let mut numbers = numbers()?;
            numbers.sort_by(f64::total_cmp);
            let middle = numbers.len() / 2;
            let even = numbers.len().is_multiple_of(2);
            finite(if even { (numbers[middle - 1] + numbers[middle]) / 2.0 } else { numbers[middle] })
        }
        Function::Count if matches!(members.first(), Some(Value::Flag(_))) => {
            Ok(Value::Number(flags()?.iter().filter(|flag| **flag).count() as f64))
        }
        Function::Count => Ok(Value::Number(members.len() as f64)),
        Function::Sort => sorted(members),
        Function::Reverse => Ok(Value::List(members.iter().rev().cloned().collect())),
        Function::All => Ok(Value::Flag(flags()?.iter().all(|flag| *flag))),
        Function::Any => Ok(Value::Flag(flags()?.iter().any(|flag| *flag))),
        Function::Distinct => {
            let repeated = |(index, value): (usize, &Value)| members[..index].iter().any(|other| other.equals(value));
            Ok(Value::Flag(!members.iter().enumerate().any(repeated)))
        }
        _ => Err(format!("{}() cannot be used with one list; see the list of functions", function.name())),
    }
}

fn sorted(members: &[Value]) -> Result<Value, String> {
    let mut sorted: Vec<Value> = Vec::with_capacity(members.len());
    for value in members {
        let mut place = sorted.len();
        while place > 0 && in_order(value, &sorted[place - 1])?.is_lt() {
            place -= 1;
        }
        sorted.insert(place, value.clone());
    }
    Ok(Value::List(sorted))
}

fn extreme(function: Function, members: &[Value]) -> Result<Value, String> {
    let (first, rest) = members.split_first().ok_or("min() and max() need at least one member")?;
    let mut found = first;
    for value in rest {
        let order = in_order(value, found)?;
        if (function == Function::Min && order.is_lt()) || (function == Function::Max && order.is_gt()) {
            found = value;
        }
    }
    Ok(found.clone())
}

fn rounded(number: f64, places: f64) -> Result<Value, String> {
    if places.fract() != 0.0 || !(-9.0..=6.0).contains(&places) {
        return Err("round() takes -9 to 6 decimal places".to_owned());
    }
    // Whole powers of ten, so that no machine's pow() decides.
    let scale = (0..places.abs() as u32).fold(1.0, |scale, _| scale * 10.0);
    let result =
        if places < 0.0 { settled(number / scale).round() * scale } else { settled(number * scale).round() / scale };
    finite(result)
}

/// Without the rest of binary fractions, so that 2.675 rounds up and 3 × 0.1 is not above 0.3.
pub(super) fn settled(number: f64) -> f64 {
    let (whole, part) = (number.trunc(), number.fract());
    whole + (part * 1e6).round() / 1e6
}

pub(super) fn number(value: &Value) -> Result<f64, String> {
    match value {
        Value::Number(number) => Ok(*number),
        other => Err(format!("{} stands where a number is needed", other.kind())),
    }
}

pub(super) fn flag(value: &Value) -> Result<bool, String> {
    match value {
        Value::Flag(flag) => Ok(*flag),
        other => Err(format!("{} stands where a condition is needed", other.kind())),
    }
}

pub(super) fn whole(number: f64) -> Result<usize, String> {
    let is_whole = number.fract() == 0.0 && (0.0..=1e6).contains(&number);
    if is_whole { Ok(number as usize) } else { Err(format!("{number} is not a place or a number of things")) }
}

fn finite(number: f64) -> Result<Value, String> {
    if number.is_finite() { Ok(Value::Number(number)) } else { Err("a number is too large".to_owned()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::Month;

    use super::*;

    fn values() -> Values {
        let mut values = Values::default();
        let numbers = |numbers: &[f64]| Value::List(numbers.iter().copied().map(Value::Number).collect());
        values.insert("n", Value::Number(4.0));
        values.insert("fees", numbers(&[30.0, 10.0, 20.0]));
        values.insert("many", numbers(&[3.0, 12.0, 7.0]));
        values.insert("day", Value::Day(Date::from_calendar_date(2026, Month::March, 3).expect("date")));
        values
    }

    fn number_of(text: &str) -> f64 {
        number(&evaluate(text, &values()).unwrap_or_else(|reason| panic!("{text}: {reason}"))).expect("number")
    }

    fn holds(text: &str) -> bool {
        flag(&evaluate(text, &values()).unwrap_or_else(|reason| panic!("{text}: {reason}"))).expect("flag")
    }

    fn refused(text: &str) -> String {
        evaluate(text, &values()).expect_err(text)
    }

    #[test]
    fn products_are_computed_before_sums_and_brackets_first() {
        assert_eq!((number_of("1 + 2 * 3"), number_of("(1 + 2) * 3"), number_of("-n + 10 % 4")), (7.0, 9.0, -2.0));
        assert!(holds("n > 3 and not n == 5 or false"));
    }

    #[test]
    fn lists_are_taken_member_by_member() {
        assert_eq!(number_of("sum(fees * many)"), 350.0);
        assert_eq!(number_of("sum(if(many > 5, fees, 0))"), 30.0);
        assert_eq!((number_of("count(many > 5)"), number_of("count(many)")), (2.0, 3.0));
        assert!(refused("fees + upto(2)").contains("a list of 2 meets a list of 3"), "{}", refused("fees + upto(2)"));
    }

    #[test]
    fn functions_give_what_the_document_says() {
        assert_eq!((number_of("min(3, n)"), number_of("max(fees)"), number_of("median(fees)")), (3.0, 30.0, 20.0));
        assert_eq!((number_of("mean(fees)"), number_of("at(sort(fees), 1)"), number_of("fees.2")), (20.0, 10.0, 10.0));
        assert_eq!((number_of("place(fees, 20)"), number_of("place(fees, 21)")), (3.0, 0.0));
        assert_eq!(
            (number_of("round(2.675, 2)"), number_of("round(1250, -3)"), number_of("floor(0.1 * 30)")),
            (2.68, 1000.0, 3.0)
        );
        assert!(holds("distinct(fees) and all(fees > 5) and any(fees > 25) and 0.1 * 3 == 0.3 and not 0.1 * 3 > 0.3"));
        assert_eq!((number_of("weekday(day)"), number_of("day + 7 - day")), (2.0, 7.0));
    }

    #[test]
    fn a_condition_guards_its_branch() {
        assert_eq!(number_of("if(n == 4, 1, n / 0)"), 1.0);
        assert_eq!(refused("n / (n - 4)"), "something is divided by zero");
    }

    #[test]
    fn what_makes_no_sense_is_said_in_words() {
        assert_eq!(refused("n + 'A'"), "a number and a text cannot be added or subtracted");
        assert_eq!(refused("unknown + 1"), "there is no value `unknown`; there are n, fees, many, day");
        assert_eq!(refused("fees.9"), "place 9 does not exist in a list of 3");
        assert_eq!(refused("(1"), "a bracket is not closed");
        assert_eq!(refused("1 +"), "the expression ends where a value is expected");
        assert!(refused("run('x')").starts_with("there is no function `run`; there are if, min"));
        assert!(refused(&"(".repeat(60)).contains("nest more than 32 deep"));
        assert!(refused(&"1+".repeat(400)).contains("at most 500 characters"));
        assert_eq!(refused("if(1, 2, 3)"), "a number stands where a condition is needed");
    }

    proptest! {
        #[test]
        fn no_text_makes_an_expression_panic(text in "\\PC*") {
            let _ = evaluate(&text, &values());
        }

        #[test]
        fn no_mixture_of_its_own_pieces_panics(pieces in prop::collection::vec(prop::sample::select(vec![
            "n", "fees", "many", "day", "1", "0.5", "'A'", "true", "+", "-", "*", "/", "%", "==", "<", "and", "or", "not",
            "(", ")", ",", "if(", "min(", "sum(", "round(", "at(", "sort(", "upto(", "place(", "weekday(", "999999999", ".1",
        ]), 0..40)) {
            let _ = evaluate(&pieces.join(" "), &values());
        }
    }
}
