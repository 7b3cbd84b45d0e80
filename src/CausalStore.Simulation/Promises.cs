namespace CausalStore.Simulation;

/// <summary>What must always hold, in the words in which a broken one is reported.</summary>
internal static class Promises
{
    public const string CausesFirst = "a replica shows no write before everything it depends on";
    public const string Convergence =
        "when the network heals, all replicas become equal and all queues empty";
    public const string SessionGuarantees =
        "a session reads its own writes and never goes back in time, also across a fail-over";
    public const string NothingAcknowledgedIsLost =
        "an acknowledged write that a surviving server had reaches every member";
    public const string SurvivesACrash = "what a server showed or said is there after a crash";
    public const string IdsBelongToTheirData = "whoever lost its data ends with advice, and nobody else does";
    public const string StatementsAreFinal =
        "a server says once and for all what it holds of forgotten ones";
    public const string NothingInHandIsLost = "what is lost with a forgotten server was in nobody's hands";
    public const string LostIsLost = "what is lost with a forgotten server is never shown";
    public const string VersionsAreUnique = "no version is used twice, and a later write has a greater one";
    public const string AtomicWrites = "an atomic write is seen whole";
    public const string OneState = "reads and pushes show one state of the server";
    public const string PushesInOrder = "pushes come in an order that respects causality, without holes";
    public const string LastWriterWins = "the greater version wins a key, for ever";
    public const string NothingFromThinAir = "what is read was written";
    public const string NoFalseDependency = "a write depends on nothing that its writer has not seen";
    public const string NoFalseWaiting = "a write waits for nothing but what it needs";
    public const string EveryoneJoins = "whoever waits ends by joining, or with advice";
    public const string CleanAnswers = "whatever arrives, the answer is what the contract says";
    public const string OutsideView = "what the sessions saw is possible in a causally consistent store";
    public const string NothingThrows = "a step of the replica does not throw";
}
