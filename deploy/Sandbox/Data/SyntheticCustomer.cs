namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>The habits of a customer who does not exist: where, how often and how much.</summary>
/// <param name="X">Place on a square of side 1.</param>
/// <param name="Y">Likewise.</param>
/// <param name="ADay">Mean number of payments a day, 0 to 4.</param>
/// <param name="Amount">Mean amount, 5 to 100; the deviation is half of it.</param>
internal sealed record SyntheticCustomer(double X, double Y, double ADay, double Amount)
{
    /// <summary>Whoever pays more than this is a fraud: no habit reaches it.</summary>
    private const long MostHonestCents = 220_00;

    private const int DaySeconds = 86_400;

    public static SyntheticCustomer Draw(Dice dice) => new(dice.Uniform(), dice.Uniform(), 4 * dice.Uniform(), 5 + 95 * dice.Uniform());

    /// <summary>One payment, about noon; honest unless card or terminal is misused or the amount says otherwise.</summary>
    public SyntheticTransaction Pay(int customer, int terminal, int day, bool isStolen, bool isBroken, Dice dice)
    {
        var second = (long)Math.Clamp(dice.Normal(DaySeconds / 2.0, DaySeconds / 4.0), 0, DaySeconds - 1);
        var amount = dice.Normal(Amount, Amount / 2);
        var cents = (long)Math.Round(100 * (amount < 0 ? 2 * Amount * dice.Uniform() : amount));
        // Of a stolen card a third of the payments are the thief's; the rest are its owner's.
        var thief = isStolen && dice.Below(3) == 0;
        if (thief) cents *= 5;
        var scenario = thief ? 3 : isBroken ? 2 : cents > MostHonestCents ? 1 : 0;
        return new SyntheticTransaction(0, (long)day * DaySeconds + second, customer, terminal, cents, scenario);
    }
}
