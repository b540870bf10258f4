using System.Collections.Immutable;

namespace DeepSeek.Federated.Domain.Datasets;

/// <summary>
/// Features over time that a site computes from its raw card transactions. Windows end with the transaction itself: one of w days holds the
/// transactions of the same key with time in (t - w days, t]; of those at the very same time, the ones with a smaller id.
/// </summary>
/// <param name="Id">Header of the transaction's id.</param>
/// <param name="Time">Header of the time, in seconds since <paramref name="Start"/>, 00:00.</param>
/// <param name="Customer">Header of the customer's id: the card.</param>
/// <param name="Terminal">Header of the terminal's id.</param>
/// <param name="Amount">Header of the amount, in one currency; not negative.</param>
/// <param name="Fraud">Header of the mark of fraud, 0 or 1: the label, known <paramref name="DelayDays"/> days later.</param>
/// <param name="Start">The day on which time is 0.</param>
/// <param name="Windows">Lengths in days, ascending, 1 to 365.</param>
/// <param name="DelayDays">Days after which a fraud is known, 1 to 365: a terminal's risk is looked up to then. With 0 a transaction's own fraud would be in it.</param>
/// <param name="NightUntil">The last hour of the night, 0 to 23: a transaction is at night when its hour is not above.</param>
/// <remarks>Le Borgne, Siblini, Lebichot, Bontempi: Reproducible Machine Learning for Credit Card Fraud Detection, 2022, chapter 3, baseline feature transformation.</remarks>
public sealed record TransactionFeatures(
    string Id, string Time, string Customer, string Terminal, string Amount, string Fraud, DateOnly Start, ImmutableArray<int> Windows, int DelayDays, int NightUntil)
{
    /// <summary>1 on Saturday and Sunday, else 0.</summary>
    public const string Weekend = "TX_DURING_WEEKEND";

    /// <summary>1 in an hour up to <see cref="NightUntil"/>, else 0.</summary>
    public const string Night = "TX_DURING_NIGHT";

    /// <summary>
    /// The derived columns, in the order in which they are computed: amount, weekend, night; for each window w the customer's number of
    /// transactions and mean amount; for each w the terminal's number of transactions in (t - delay - w, t - delay] and the share of fraud among
    /// them, 0 where there are none. A contract's columns are a choice of these and nothing else: no mark and no scenario of fraud is among them.
    /// </summary>
    public ImmutableArray<string> Names =>
    [
        Amount, Weekend, Night,
        .. Windows.SelectMany(w => new[] { $"{Customer}_NB_TX_{w}DAY_WINDOW", $"{Customer}_AVG_AMOUNT_{w}DAY_WINDOW" }),
        .. Windows.SelectMany(w => new[] { $"{Terminal}_NB_TX_{w}DAY_WINDOW", $"{Terminal}_RISK_{w}DAY_WINDOW" }),
    ];

    /// <summary>
    /// Header of the mark of this site's own cards, 0 or 1; null where all are. A transaction of another's card, as a card network reports them by terminal,
    /// counts for the terminal's windows and for nothing else: it neither trains nor tests, and its customer and amount are not read.
    /// </summary>
    public string? Own { get; init; }

    /// <summary>The raw columns: id, time, customer, terminal, amount, fraud, and the mark of own cards where there is one.</summary>
    public ImmutableArray<string> Raw => [Id, Time, Customer, Terminal, Amount, Fraud, .. Own is null ? [] : new[] { Own }];

    /// <summary>Days before a transaction that its features look back to.</summary>
    public int HistoryDays => DelayDays + Windows[^1];

    /// <summary>Days since <see cref="Start"/>.</summary>
    public int DayOf(DateOnly date) => date.DayNumber - Start.DayNumber;
}

/// <summary>One transaction's day and card, for scores that are counted by card and day.</summary>
/// <param name="Day">Days since the contract's start.</param>
/// <param name="Card">The customer's number at this site, from 0; means nothing elsewhere and never leaves the site.</param>
public readonly record struct CardDay(int Day, int Card);
