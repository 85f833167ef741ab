namespace AuthServer.Limits;

/// <summary>What was taken from the counters and may be given back once, to the windows that it came from.</summary>
/// <param name="giveBack">Does not wait, never goes below zero and never touches a later window.</param>
internal sealed class Reservation(Action giveBack)
{
    private int _isGivenBack;

    /// <summary>Does not wait; a second call does nothing.</summary>
    public void GiveBack()
    {
        if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
        {
            giveBack();
        }
    }
}
