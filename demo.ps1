# The lost ring, with real processes: three servers, and Alice, Bob, Carol and Dave, who say what is in demo/.
#
#   .\demo.ps1                plays the story with causal, then with eventual consistency
#   .\demo.ps1 -Interactive   starts the same cluster for typing
#
#       -NoBuild                plays what was built before
#       -Configuration Debug    another build than Release
#       -Stories FOLDER         other stories than those in demo
#       -Port PORT              the first of six ports, 60001 unless given
#       -Timeline FILE          where the picture of both runs is drawn, timeline.html unless given
#
# Exit code 0: everything went as the scripts expect.
#
# For Windows PowerShell 5.1 and PowerShell 7. It starts, feeds and stops processes, no more:
# what is checked stands in the scripts, as "expect".
[CmdletBinding(PositionalBinding = $false)]
param(
    [switch] $Interactive,
    [switch] $NoBuild,
    [string] $Configuration = 'Release',
    [string] $Stories,
    [int] $Port = 60001,
    [string] $Timeline = 'timeline.html'
)

$ErrorActionPreference = 'Stop'
$PSDefaultParameterValues = @{ 'Get-Content:Encoding' = 'UTF8' }   # Windows PowerShell has another default.
$onWindows = [IO.Path]::DirectorySeparatorChar -eq '\'
$serverDll = "src/CausalStore.Server/bin/$Configuration/net10.0/CausalStore.Server.dll"
$clientDll = "src/CausalStore.Client/bin/$Configuration/net10.0/CausalStore.Client.dll"
$logs = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
$running = New-Object System.Collections.ArrayList

function Get-ServerArguments([int] $Id, [string] $Consistency) {
    $others = 1..3 | Where-Object { $_ -ne $Id } | ForEach-Object { $script:Port + $_ - 1 }
    @($serverDll, '--port', ($script:Port + $Id - 1), '--id', $Id, '--peers') + $others +
        @('--in-memory', '--consistency', $Consistency, '--allow-faults', '--relay-after', '0', '--narrate')
}

function Get-ClientArguments([int] $Id, [string] $Name) {
    @($clientDll, '--port', ($script:Port + $Id - 1), '--id', $Name)
}

# Every process writes down what it does and sees; the picture is made of that.
function Get-TraceArguments([string] $Consistency, [string] $Name) {
    '--trace', "$logs/traces-$Consistency/$Name.jsonl"
}

function Start-Quiet([object[]] $Arguments, [string] $Log, [string] $InputFile) {
    $options = @{
        FilePath = 'dotnet'; ArgumentList = $Arguments; PassThru = $true; NoNewWindow = $true
        RedirectStandardOutput = "$logs/$Log.txt"; RedirectStandardError = "$logs/$Log.errors.txt"
    }
    if ($InputFile) { $options.RedirectStandardInput = $InputFile }
    $process = Start-Process @options
    $null = $process.Handle   # Without this, Windows PowerShell forgets the exit code.
    $null = $running.Add($process)
    $process
}

function Wait-ForText($Process, [string] $Log, [string] $Text) {
    while (-not (Select-String -Quiet -Path "$logs/$Log.txt" -Pattern $Text)) {
        if ($Process.HasExited) { throw "it ended before it said '$Text'`n$(Get-Log $Log)" }
        Start-Sleep -Milliseconds 100
    }
}

function Wait-ForExitCode($Process) {
    Wait-Process -InputObject $Process   # Unlike the method, it can be interrupted;
    $Process.WaitForExit()               # which goes on until all that was said is in the log.
    $Process.ExitCode
}

function Get-Log([string] $Log) {
    (Get-Content "$logs/$Log.txt", "$logs/$Log.errors.txt") -join "`n"
}

function Stop-All {
    $running | Stop-Process -Force -ErrorAction SilentlyContinue
    $running | ForEach-Object { $_.WaitForExit() }
    $running.Clear()
}

function Invoke-Build {
    Write-Host 'Building ...'
    foreach ($program in 'Server', 'Client') {
        $said = dotnet build "src/CausalStore.$program" -c $Configuration --nologo -v quiet
        if ($LASTEXITCODE -ne 0) { throw ($said + "CausalStore.$program does not build" -join "`n") }
    }
}

function Invoke-Story([string] $Consistency) {
    Write-Host "`n== The lost ring, with $Consistency consistency =="

    $null = New-Item -ItemType Directory "$logs/traces-$Consistency"

    foreach ($id in 1..3) {
        $arguments = (Get-ServerArguments $id $Consistency) + (Get-TraceArguments $Consistency "server-$id")
        $server = Start-Quiet $arguments "$Consistency-server-$id"
        Wait-ForText $server "$Consistency-server-$id" 'listening on port'
    }

    $watch = "$Stories/$Consistency/0-carol-watches.txt"
    $arguments = (Get-ClientArguments 3 'carol') + (Get-TraceArguments $Consistency 'carol')
    $carol = Start-Quiet $arguments "$Consistency-carol" $watch
    Wait-ForText $carol "$Consistency-carol" '^ok'

    foreach ($step in Get-Content "$Stories/$Consistency/steps.txt") {
        $id, $name, $file = $step -split ' '
        Write-Host ''
        $said = "$Stories/$Consistency/$file"
        Get-Content $said | Where-Object { $_ -match '^#' } | ForEach-Object { Write-Host $_.Substring(2) }
        $trace = Get-TraceArguments $Consistency "$id-$([IO.Path]::GetFileNameWithoutExtension($file))"
        $client = Start-Quiet ((Get-ClientArguments $id $name) + '--echo' + $trace) "$name-$file" $said
        $exitCode = Wait-ForExitCode $client
        (Get-Log "$name-$file") -split "`n" | ForEach-Object { Write-Host "    $name@$id  $_" }
        if ($exitCode -ne 0) { throw "$Consistency/$file did not go as expected" }
    }

    if ((Wait-ForExitCode $carol) -ne 0) {
        throw "$(Get-Log "$Consistency-carol")`nCarol was not shown what the story says"
    }
    Write-Host "`nWhat Carol was shown at server 3, in this order:"
    Get-Content "$logs/$Consistency-carol.txt" | Where-Object { $_ -match '^update' } |
        ForEach-Object { Write-Host "    $_" }
    Write-Host "`nWhat server 3 said meanwhile:"
    Get-Content "$logs/$Consistency-server-3.txt" | Where-Object { $_ -match ' (delaying|applied) ' } |
        ForEach-Object { Write-Host "    $_" }
    Stop-All
    $script:Port += 3
}

function Invoke-Timeline {
    dotnet $clientDll timeline "$logs/traces-causal" --diff "$logs/traces-eventual" --title 'The lost ring' `
        --out $Timeline
    if ($LASTEXITCODE -ne 0) { throw 'the picture could not be drawn' }
    Write-Host "`nThe picture of both runs is in ${Timeline}: open it in a browser."
}

function Wait-ForPort([int] $Id) {
    foreach ($try in 1..100) {
        try { return (New-Object Net.Sockets.TcpClient('127.0.0.1', ($script:Port + $Id - 1))).Close() }
        catch { Start-Sleep -Milliseconds 100 }
    }
}

# A window for each process.
function Start-Windows {
    foreach ($id in 1..3) {
        $null = $running.Add((Start-Process dotnet (Get-ServerArguments $id 'causal') -PassThru))
        Wait-ForPort $id
        $name = ('alice', 'bob', 'carol')[$id - 1]
        $null = $running.Add((Start-Process dotnet (Get-ClientArguments $id $name) -PassThru))
    }
    Write-Host "'link 3 delay 20000' at alice makes the link from server 1 to server 3 slow."
    $null = Read-Host 'Enter ends it all'
}

if (-not $Stories) { $Stories = Join-Path $PSScriptRoot 'demo' }
$Stories = (Resolve-Path $Stories).ProviderPath
$Timeline = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Timeline)
Push-Location $PSScriptRoot
$null = New-Item -ItemType Directory $logs

try {
    if (-not $NoBuild) { Invoke-Build }
    foreach ($dll in $serverDll, $clientDll) {
        if (-not (Test-Path $dll)) { throw "$dll is not there: leave out -NoBuild" }
    }

    if ($Interactive -and $onWindows) {
        Start-Windows
    }
    elseif ($Interactive) {
        bash ./demo.sh --interactive --no-build --configuration $Configuration --port $Port
        exit $LASTEXITCODE
    }
    else {
        Invoke-Story 'causal'
        Invoke-Story 'eventual'
        Invoke-Timeline
        Write-Host "`nAs expected: with causal consistency z waited for y, with eventual consistency not."
    }
}
catch {
    [Console]::Error.WriteLine("$_")
    exit 1
}
finally {
    Stop-All
    Remove-Item -Recurse -Force $logs -ErrorAction SilentlyContinue
    Pop-Location
}

exit 0
