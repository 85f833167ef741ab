using AuthServer.Data;
using AuthServer.Edge;

namespace AuthServer.Accounts;

/// <summary>What became of an attempt to sign in.</summary>
/// <param name="Account">Who it is; null for everybody who may not sign in, for every reason alike.</param>
/// <param name="Refusal">Why nothing was compared: too many guesses (429) or too much to do (503); else null.</param>
internal sealed record SignInAnswer(Account? Account, Refusal? Refusal = null);
