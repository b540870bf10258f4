namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>Digits of one vector, given from the first to the last: neither side ever holds the whole vector.</summary>
public interface IDigitSource
{
    /// <summary>Gives the next digits.</summary>
    /// <param name="digits">Receives them; all of them exist, for the reader knows the ring.</param>
    /// <exception cref="InvalidOperationException">More digits are asked for than the vector has.</exception>
    void Next(Span<ulong> digits);
}
