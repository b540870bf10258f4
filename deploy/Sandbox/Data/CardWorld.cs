namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>How large a synthetic stream is.</summary>
/// <param name="Customers">Cards.</param>
/// <param name="Terminals">Places to pay at, on a square of side 1.</param>
/// <param name="Days">Days from the contract's start.</param>
/// <param name="Reach">How far a customer goes, on the same square.</param>
/// <param name="TerminalsBrokenADay">Terminals that are compromised each day.</param>
/// <param name="CardsStolenADay">Cards whose data are stolen each day.</param>
internal sealed record CardWorld(int Customers, int Terminals, int Days, double Reach, int TerminalsBrokenADay, int CardsStolenADay)
{
    /// <summary>The days of the study card-fraud, with a tenth of the Handbook's customers and terminals: some 260,000 transactions.</summary>
    public static CardWorld Small { get; } = new(Customers: 1000, Terminals: 2000, Days: 136, Reach: 0.05, TerminalsBrokenADay: 1, CardsStolenADay: 1);
}
