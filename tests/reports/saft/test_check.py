"""What the schema lets pass is told, each thing once, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tieout.reports.saft import check

GOOD = """<AuditFile xmlns="urn:StandardAuditFile-Taxation-Financial:NO"><MasterFiles><GeneralLedgerAccounts>
<Account><AccountID>1920</AccountID><OpeningDebitBalance>5.00</OpeningDebitBalance><ClosingDebitBalance>15.00</ClosingDebitBalance></Account>
<Account><AccountID>3000</AccountID><OpeningDebitBalance>0</OpeningDebitBalance><ClosingCreditBalance>10.00</ClosingCreditBalance></Account>
</GeneralLedgerAccounts><Customers><Customer><CustomerID>10001</CustomerID></Customer></Customers>
<TaxTable><TaxTableEntry><TaxCodeDetails><TaxCode>3</TaxCode></TaxCodeDetails></TaxTableEntry></TaxTable>
<AnalysisTypeTable><AnalysisTypeTableEntry><AnalysisType>A</AnalysisType><AnalysisID>10</AnalysisID></AnalysisTypeTableEntry>
</AnalysisTypeTable></MasterFiles><GeneralLedgerEntries><NumberOfEntries>1</NumberOfEntries><TotalDebit>10.00</TotalDebit>
<TotalCredit>10.00</TotalCredit><Journal><Transaction><TransactionID>7</TransactionID>
<Line><AccountID>1920</AccountID><CustomerID>10001</CustomerID><DebitAmount><Amount>10.00</Amount></DebitAmount></Line>
<Line><AccountID>3000</AccountID><Analysis><AnalysisType>A</AnalysisType><AnalysisID>10</AnalysisID></Analysis>
<CreditAmount><Amount>10.00</Amount></CreditAmount><TaxInformation><TaxCode>3</TaxCode></TaxInformation></Line>
</Transaction></Journal></GeneralLedgerEntries></AuditFile>"""


def kinds(folder: Path, text: str) -> list[str]:
    file = folder / "file.xml"
    file.write_text(text)
    return [finding.kind for finding in check(file)]


def test_a_file_that_adds_up_has_no_findings(tmp_path: Path) -> None:
    assert kinds(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("<Line><AccountID>3000", "<Line><AccountID>3001", ["unknown_account", "closing_balance"]),
        ("<CustomerID>10001</CustomerID><Debit", "<CustomerID>10002</CustomerID><Debit", ["unknown_customer"]),
        ("<TaxInformation><TaxCode>3", "<TaxInformation><TaxCode>5", ["unknown_vat_code"]),
        ("<AnalysisID>10</AnalysisID></Analysis>", "<AnalysisID>11</AnalysisID></Analysis>", ["unknown_dimension"]),
        ("3000</AccountID><Open", "1920</AccountID><Open", ["duplicate_account", "unknown_account", "closing_balance"]),
        ("<TotalDebit>10.00", "<TotalDebit>11.00", ["wrong_total"]),
        ("<CreditAmount><Amount>10", "<CreditAmount><Amount>9", ["unbalanced_voucher", "wrong_total", "closing_balance"]),
        ("<ClosingDebitBalance>15.00", "<ClosingDebitBalance>15.01", ["closing_balance"]),
        ("<NumberOfEntries>1", "<NumberOfEntries>2", ["wrong_total"]),
    ],
)  # fmt: skip
def test_what_is_amiss_is_told(tmp_path: Path, old: str, new: str, kind: list[str]) -> None:
    assert old in GOOD
    assert kinds(tmp_path, GOOD.replace(old, new)) == kind
