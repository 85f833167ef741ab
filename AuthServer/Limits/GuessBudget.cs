using System.Net;
using AuthServer.Edge;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>
/// How often somebody may guess. Every path that compares a password, a code or a recovery secret reserves here
/// before it compares, and gives back only what turned out right or was never compared: so guesses in parallel
/// are no more than guesses in turn, and all paths together share one budget.
/// </summary>
internal sealed class GuessBudget(
    Counters counters,
    LocalCounters local,
    CounterKeys keys,
    RefusalRecord record,
    IOptions<LimitsOptions> options
)
{
    private readonly bool _isEnabled = options.Value.Enabled;
    private readonly Limit _perAddress = options.Value.SignInFailuresPerAddress.Named("sign_in_address");
    private readonly Limit _perAccount = options.Value.SignInFailuresPerAccount.Named("sign_in_account");
    private readonly Limit _perPair = options.Value.SignInFailures.Named("sign_in_failures");
    private readonly Limit _perDevice = options.Value.SignInFailures.Named("sign_in_device");
    private readonly Limit _newcomer = new("newcomer", 1, options.Value.SignInFailures.Window);

    /// <summary>Takes one guess from every counter that it falls under, or none; one atomic step.</summary>
    /// <param name="from">The address that the guess comes from.</param>
    /// <param name="account">What the caller calls the account: its canonical e-mail, whether there is one or not.</param>
    /// <param name="device">
    /// The browser, when this very account has signed in with it before: it has a budget of its own, which nobody
    /// else can use up. Null for any other.
    /// </param>
    /// <param name="accountId">Of the account, for the record; null when there is none.</param>
    public async ValueTask<Guess> ReserveAsync(
        IPAddress? from,
        string account,
        string? device,
        string? accountId
    )
    {
        if (!_isEnabled)
        {
            return new Guess(new Reservation(() => { }), null, Lane.Newcomer);
        }

        var address = CounterKeys.Subscriber(from);
        var ofAddress = new Charge(_perAddress, keys.Of("address", address));
        var decision = device is null
            ? await counters.TakeAsync(
                new Charge(_perPair, keys.Of("pair", account, address)),
                new Charge(_perAccount, keys.Of("account", account)),
                ofAddress
            )
            : await counters.TakeAsync(new Charge(_perDevice, keys.Of("device", account, device)), ofAddress);
        if (decision.IsAllowed)
        {
            return device is null
                ? await OfStrangerAsync(decision.Taken, ofAddress.Key)
                : new Guess(decision.Taken, null, Lane.Known);
        }

        await record.AddAsync(decision.Exceeded.Value, accountId);
        return new Guess(null, TooMany.Guesses(decision.RetryAfter), Lane.Other);
    }

    // Of this instance alone, as its gate is.
    private async ValueTask<Guess> OfStrangerAsync(Reservation taken, string address)
    {
        var place = await local.TakeAsync([new Charge(_newcomer, address)]);
        return new Guess(taken, null, place.IsAllowed ? Lane.Newcomer : Lane.Other, place.Taken);
    }
}

/// <summary>The right to compare once, or why not.</summary>
/// <param name="Reservation">To be given back when the guess was right, or was not compared; null for a refusal.</param>
/// <param name="Refusal">429 with the time to wait; null when the guess may be compared.</param>
/// <param name="Lane">Where the comparison waits for its turn.</param>
/// <param name="Place">The only one that an address has among newcomers; null for whoever has none.</param>
internal sealed record Guess(Reservation? Reservation, Refusal? Refusal, Lane Lane, Reservation? Place = null)
{
    /// <summary>Gives back all of it: who was right has not guessed.</summary>
    public void WasRight()
    {
        Reservation?.GiveBack();
        Place?.GiveBack();
    }

    /// <summary>Gives back the guess, but not the place among newcomers: who is turned away there comes again as another.</summary>
    public void WasNotCompared() => Reservation?.GiveBack();
}
