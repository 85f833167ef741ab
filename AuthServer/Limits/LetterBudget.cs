using System.Net;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>
/// How many letters strangers can cause. What is over the budget is not sent, and nobody is told: the answer would
/// say what others have done to that mailbox.
/// </summary>
internal sealed class LetterBudget(Counters counters, CounterKeys keys, IOptions<LimitsOptions> options)
{
    private readonly bool _isEnabled = options.Value.Enabled;
    private readonly Limit _perMailbox = options.Value.Letters.Named("letters");
    private readonly Limit _perAddress = options.Value.LettersPerAddress.Named("letters_address");

    /// <summary>Takes one letter from both counters that it falls under, or none.</summary>
    /// <param name="from">Who causes it.</param>
    /// <param name="mailbox">The canonical e-mail that it goes to, whether there is an account or not.</param>
    /// <param name="purpose">Counted apart for each, so that no letter keeps one of another kind from its reader.</param>
    public async ValueTask<bool> TryTakeAsync(IPAddress? from, string mailbox, string purpose)
    {
        if (!_isEnabled)
        {
            return true;
        }

        var decision = await counters.TakeAsync(
            new Charge(_perMailbox, keys.Of("mailbox", purpose, mailbox)),
            new Charge(_perAddress, keys.Of("letters", CounterKeys.Subscriber(from)))
        );
        return decision.IsAllowed;
    }
}
