namespace Leat.Jobs;

/// <summary>Which failures are those of a machine, so that another one will do, and not those of a job or its files.</summary>
internal static class HostFaults
{
    // The numbers of Linux: EIO, ENFILE, EMFILE, ENOSPC, EROFS, ESTALE, EDQUOT.
    private static readonly int[] Numbers = [5, 23, 24, 28, 30, 116, 122];
    private static readonly int[] FullDisk = [28, 122];

    /// <summary>True when a machine could not do its part of a transfer. What comes in goes into a folder of its own, so that whatever fails there is its fault.</summary>
    public static bool IsOf(FilesOrder order, Exception error) => order is FilesOrder.Open or FilesOrder.Put || Has(error, Numbers);

    /// <summary>True when what a job has thrown says that the disk is full that holds its private folder.</summary>
    public static bool IsFullDisk(Exception error, HostView view) => Has(error, FullDisk) && error.Message.Contains(view.Root, StringComparison.Ordinal);

    // Of what may not be done the number is in the inner exception.
    private static bool Has(Exception error, int[] numbers) => error switch
    {
        IOException => numbers.Contains(error.HResult),
        UnauthorizedAccessException { InnerException: IOException inner } => numbers.Contains(inner.HResult),
        _ => false,
    };
}
