namespace DeepSeek.Federated.Data.Transactions;

/// <summary>One transaction of the stream.</summary>
/// <param name="Time">Microseconds since the contract's start; at least 0.</param>
/// <param name="Id">See <see cref="TransactionId"/>.</param>
/// <param name="Amount">Millionths of the currency: whole numbers, so that sums are exact in any order.</param>
/// <param name="Customer">Number of the customer at this site; <see cref="Stranger"/> for a card of another.</param>
/// <param name="Terminal">Number of the terminal at this site.</param>
/// <param name="Fraud">Whether it was one.</param>
internal readonly record struct Transaction(long Time, UInt128 Id, long Amount, int Customer, int Terminal, bool Fraud)
{
    /// <summary>Parts of a second, and of a unit of the currency.</summary>
    public const long Millionths = 1_000_000;

    /// <summary>Another site's customer: the transaction counts for its terminal only.</summary>
    public const int Stranger = -1;

    public const long MicrosecondsADay = 86_400 * Millionths;

    public bool IsOwn => Customer != Stranger;

    public int Day => (int)(Time / MicrosecondsADay);

    public int Hour => (int)(Time / (3600 * Millionths) % 24);
}
