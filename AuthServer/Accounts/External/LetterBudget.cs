using AuthServer.Limits;

namespace AuthServer.Accounts.External;

/// <summary>How many letters an address gets because of what somebody does at a provider: three an hour, whoever it is.</summary>
internal sealed class LetterBudget(Counters counters, CounterKeys keys)
{
    private static readonly Limit PerAddress = new("external_letters", 3, TimeSpan.FromHours(1));

    public async Task<bool> TryTakeAsync(EmailAddress address) =>
        (
            await counters.TakeAsync(new Charge(PerAddress, keys.Of("external-letter", address.Canonical)))
        ).IsAllowed;
}
