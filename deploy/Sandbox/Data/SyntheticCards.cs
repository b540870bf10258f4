using System.Globalization;
using System.Text;

namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>
/// A synthetic stream of card transactions, labelled as such from the first byte of its files' names, shared out to banks by customer. In the spirit of the
/// Fraud Detection Handbook's simulator (Le Borgne et al. 2022, chapter 3): customers with habits, terminals near them, three ways to defraud. Nobody's data.
/// </summary>
internal static class SyntheticCards
{
    public const string Header = "TRANSACTION_ID,TX_TIME_SECONDS,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD,TX_FRAUD_SCENARIO,OWN_CARD";

    /// <summary>Writes one file a bank: its own transactions, and of the others' what a card network reports: id, time, terminal and fraud.</summary>
    public static IReadOnlyList<SiteTable.Csv> Write(string folder, IReadOnlyList<string> banks, CardWorld world, long seed)
    {
        Directory.CreateDirectory(folder);
        var stream = Stream(world, seed);
        return [.. banks.Select((bank, at) =>
        {
            var path = Path.Combine(folder, $"synthetic-{bank}.csv");
            File.WriteAllText(path, Table(stream, at, banks.Count));
            return new SiteTable.Csv(bank, path);
        })];
    }

    /// <summary>All transactions, in the order of time.</summary>
    public static IReadOnlyList<SyntheticTransaction> Stream(CardWorld world, long seed)
    {
        using var dice = new Dice(seed, "cards");
        var customers = Enumerable.Range(0, world.Customers).Select(_ => SyntheticCustomer.Draw(dice)).ToList();
        var terminals = Enumerable.Range(0, world.Terminals).Select(_ => (X: dice.Uniform(), Y: dice.Uniform())).ToList();
        var near = customers.Select(c => Nearest(c, terminals, world.Reach)).ToList();
        var (stolen, broken) = (new int[world.Customers], new int[world.Terminals]);   // the day until which, exclusively, a card or a terminal is misused
        var stream = new List<SyntheticTransaction>();
        for (var day = 0; day < world.Days; day++)
        {
            // Each day some terminals are compromised for four weeks, and some cards' data are stolen for two.
            for (var i = 0; i < world.TerminalsBrokenADay; i++) broken[dice.Below(world.Terminals)] = day + 28;
            for (var i = 0; i < world.CardsStolenADay; i++) stolen[dice.Below(world.Customers)] = day + 14;
            for (var c = 0; c < customers.Count; c++)
            {
                for (var left = dice.Count(customers[c].ADay); left > 0; left--)
                {
                    var terminal = near[c][dice.Below(near[c].Count)];
                    stream.Add(customers[c].Pay(c, terminal, day, isStolen: stolen[c] > day, isBroken: broken[terminal] > day, dice));
                }
            }
        }
        return [.. stream.OrderBy(t => t.Seconds).ThenBy(t => t.Customer).Select((t, at) => t with { Id = at })];
    }

    private static string Table(IReadOnlyList<SyntheticTransaction> stream, int bank, int banks)
    {
        var csv = new StringBuilder(Header).Append('\n');
        foreach (var t in stream)
            csv.Append(t.Customer % banks == bank
                ? string.Create(CultureInfo.InvariantCulture, $"{t.Id},{t.Seconds},{t.Customer},{t.Terminal},{t.Cents / 100m:0.00},{(t.Scenario > 0 ? 1 : 0)},{t.Scenario},1\n")
                : $"{t.Id},{t.Seconds},,{t.Terminal},,{(t.Scenario > 0 ? 1 : 0)},,0\n");
        return csv.ToString();
    }

    /// <summary>The terminals in a customer's reach; the nearest one where there is none.</summary>
    private static List<int> Nearest(SyntheticCustomer customer, List<(double X, double Y)> terminals, double reach)
    {
        double Away(int t) => Math.Sqrt(Math.Pow(terminals[t].X - customer.X, 2) + Math.Pow(terminals[t].Y - customer.Y, 2));
        var all = Enumerable.Range(0, terminals.Count).ToList();
        var within = all.Where(t => Away(t) < reach).ToList();
        return within.Count > 0 ? within : [all.MinBy(Away)];
    }
}
