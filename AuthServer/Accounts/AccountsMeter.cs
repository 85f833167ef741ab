using System.Diagnostics.Metrics;

namespace AuthServer.Accounts;

/// <summary>
/// How sign-ins end, for operators. Every failure is one outcome, whatever its reason: a figure that moved for known
/// addresses only would tell its readers which accounts there are.
/// </summary>
internal sealed class AccountsMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _logins;

    public AccountsMeter(IMeterFactory meters)
    {
        _meter = meters.Create("AuthServer.Accounts");
        _logins = _meter.CreateCounter<long>(
            "authserver.logins",
            "{login}",
            "Attempts to sign in, by method (password, federated) and outcome (succeeded, failed, limited, busy, waiting)."
        );
    }

    /// <summary>A person was let in by a password, or was not.</summary>
    public void TriedPassword(SignInAnswer answer) =>
        Count(
            "password",
            answer switch
            {
                { Account: not null } => "succeeded",
                { Refusal: null } => "failed",
                { Refusal.Status: StatusCodes.Status429TooManyRequests } => "limited",
                _ => "busy",
            }
        );

    /// <summary>A person came back from a provider; <c>waiting</c> is who must prove something here first.</summary>
    public void CameFromProvider(bool isLetIn) => Count("federated", isLetIn ? "succeeded" : "waiting");

    public void Dispose() => _meter.Dispose();

    private void Count(string method, string outcome) =>
        _logins.Add(1, new("method", method), new("outcome", outcome));
}
